package org.quotient.geometry.functional.jacobian;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.rewrite.Rewriter;
import org.quotient.geometry.functional.pattern.Head;
import org.quotient.geometry.functional.pattern.MaskedNetwork;

/**
 * Rows of the Jacobian ∂f(x)/∂θ, one for each output of each sample, as a graph that is derived once per network: reverse mode on
 * the masked network in which each sample has its own copy of the parameters. A row is the gradient along one direction of the
 * outputs; a sample with several outputs takes part once for each of them.
 */
public final class JacobianRows {
    private static final String COTANGENT = "cotangent ";

    private final MaskedNetwork masked;
    private final int[] columns;
    private final int[] columnOf;
    private final int[] offsets;
    private final List<Expr> gradients;
    private final Map<String, Op.Variable> needed = new LinkedHashMap<>();
    private final Sieve sieve;
    private final int widest;

    /**
     * Derives the graph.
     *
     * @param masked the network
     * @param live the parameter elements whose columns are wanted, row-major, parameters one after the other
     */
    public JacobianRows(MaskedNetwork masked, BitSet live) {
        this.masked = masked;
        this.columns = live.stream().toArray();
        int total =
                masked.parameters().stream().mapToInt(p -> p.shape().elements()).sum();
        this.columnOf = new int[total];
        java.util.Arrays.fill(columnOf, -1);
        for (int j = 0; j < columns.length; j++) {
            columnOf[columns[j]] = j;
        }
        List<Expr> wanted = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();
        int offset = 0;
        for (Expr parameter : masked.parameters()) {
            int next = live.nextSetBit(offset);
            int size = parameter.shape().elements();
            if (next >= 0 && next < offset + size) {
                wanted.add(parameter);
                starts.add(offset);
            }
            offset += size;
        }
        this.offsets = starts.stream().mapToInt(i -> i).toArray();
        List<Expr> outputs = masked.values();
        List<Expr> copies = new ArrayList<>();
        List<Expr> values = PerSample.of(outputs, wanted, copies);
        List<Expr> cotangents = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            cotangents.add(Expr.input(COTANGENT + i, DType.F64, values.get(i).shape()));
        }
        this.sieve = new Sieve(masked, columns);
        this.gradients = Rewriter.exact().apply(Differentiation.vjp(values, cotangents, copies));
        int largest = columns.length;
        for (Expr node : org.quotient.autodiff.Graph.topological(gradients)) {
            if (node.shape().isSymbolic()) {
                largest = Math.max(largest, node.shape().bind(1).elements());
            }
            if (node.op() instanceof Op.Variable v) {
                needed.put(v.name(), v);
            }
        }
        this.widest = largest;
    }

    /**
     * How many bytes the rows of some samples need while they are made, or a sieve of as many as it takes at a time.
     *
     * @param samples whose rows are made together
     */
    long bytes(long samples) {
        long batch = samples * rowsPerSample();
        long made = Footprint.numbers(gradients, batch) + batch * columns.length;
        return Double.BYTES * Math.max(made, sieve.numbers(sievedAtOnce()));
    }

    /** How many numbers a row or anything on the way to it has at most. */
    int widest() {
        return widest;
    }

    /** The number of columns: live parameters. */
    public int columns() {
        return columns.length;
    }

    /** The parameter elements that the columns belong to. */
    public int[] elements() {
        return columns.clone();
    }

    /** The gradients of the parameters that have columns, each with a leading batch axis. */
    public List<Expr> gradients() {
        return gradients;
    }

    /** The cotangents that give one row of one sample, over the rationals. */
    public Map<String, Tensor> cotangents(int row) {
        Map<String, Tensor> given = new LinkedHashMap<>();
        int first = 0;
        for (int i = 0; i < masked.heads().size(); i++) {
            Head head = masked.heads().get(i);
            double[] out = new double[head.value().shape().bind(1).elements()];
            if (row >= first && row < first + head.directions().size()) {
                Head.Direction direction = head.directions().get(row - first);
                out[direction.plus()] = 1;
                if (direction.minus() >= 0) {
                    out[direction.minus()] = -1;
                }
            }
            first += head.directions().size();
            given.put(COTANGENT + i, Tensor.of(head.value().shape().bind(1), out));
        }
        return given;
    }

    /** Of the elements of all gradients of one row, those that have columns. */
    public <T> List<T> liveOnly(List<T> elements) {
        List<T> out = new ArrayList<>();
        int at = 0;
        for (int k = 0; k < gradients.size(); k++) {
            int size = gradients.get(k).shape().bind(1).elements();
            for (int e = 0; e < size; e++, at++) {
                if (columnOf[offsets[k] + e] >= 0) {
                    out.add(elements.get(at));
                }
            }
        }
        return out;
    }

    /** Rows for each sample. */
    public int rowsPerSample() {
        return masked.rowsPerSample();
    }

    /** What tells rows of use from others. */
    Sieve sieve() {
        return sieve;
    }

    /** How many samples a sieve takes at a time: their values need about as much memory as a block of rows. */
    int sievedAtOnce() {
        int largest = 1;
        for (List<Expr> segment : masked.segments()) {
            for (Expr node : segment) {
                largest = node.shape().isSymbolic()
                        ? Math.max(largest, node.shape().bind(1).elements())
                        : largest;
            }
        }
        return Math.max(1, Math.min(4096, RankStream.CHUNK / largest));
    }

    /** Values at some of the samples. */
    Values select(Values values, int count, int[] which) {
        List<Tensor> masks = new ArrayList<>();
        for (int k = 0; k < masked.kinks().size(); k++) {
            Tensor mask = values.masks().get(k);
            masks.add(masked.kinks().get(k).perSample() ? rowsOf(mask, count, which) : mask);
        }
        return new Values(
                values.parameters(),
                values.inputs().stream().map(x -> rowsOf(x, count, which)).toList(),
                masks);
    }

    static Tensor rowsOf(Tensor all, int count, int[] which) {
        int size = all.size() / count;
        int[] sizes = all.shape().sizes();
        sizes[0] = which.length;
        double[] out = new double[which.length * size];
        for (int i = 0; i < which.length; i++) {
            System.arraycopy(all.data(), which[i] * size, out, i * size, size);
        }
        return Tensor.of(Shape.of(sizes), out);
    }

    /** A place for values of the parameters, inputs and masks that a batch of rows is computed from. */
    public record Values(Map<String, Tensor> parameters, List<Tensor> inputs, List<Tensor> masks) {}

    /**
     * The rows of some samples, sample by sample.
     *
     * @param values the arithmetic's numbers: parameters by name, inputs and masks with the samples along the leading axis
     * @param count samples
     * @param field the prime field, or none for double precision
     * @return count·rows × columns, row-major
     * @throws ArithmeticException if something is divided by 0 modulo the prime
     */
    public double[] of(Values values, int count, Optional<Numbers.PrimeField> field) {
        int rows = rowsPerSample();
        int batch = Math.multiplyExact(count, rows);
        Map<String, Tensor> given = new LinkedHashMap<>();
        put(given, values.parameters());
        for (int i = 0; i < masked.inputs().size(); i++) {
            putRepeated(
                    given,
                    Network.nameOf(masked.inputs().get(i)),
                    values.inputs().get(i),
                    count,
                    rows);
        }
        for (int k = 0; k < masked.kinks().size(); k++) {
            String name = Network.nameOf(masked.kinks().get(k).mask());
            if (masked.kinks().get(k).perSample()) {
                putRepeated(given, name, values.masks().get(k), count, rows);
            } else {
                put(given, Map.of(name, values.masks().get(k)));
            }
        }
        int first = 0;
        for (int i = 0; i < masked.heads().size(); i++) {
            Head head = masked.heads().get(i);
            given.put(COTANGENT + i, cotangent(head, first, count, rows, field));
            first += head.directions().size();
        }
        return assemble(evaluate(given, batch, field), batch);
    }

    private List<Tensor> evaluate(Map<String, Tensor> given, int batch, Optional<Numbers.PrimeField> field) {
        return field.isPresent()
                ? Evaluator.evaluate(gradients, given, field.get())
                : Evaluator.evaluate(gradients, given, batch);
    }

    private void put(Map<String, Tensor> given, Map<String, Tensor> values) {
        values.forEach((name, value) -> {
            if (needed.containsKey(name)) {
                given.put(name, value);
            }
        });
    }

    private void putRepeated(Map<String, Tensor> given, String name, Tensor value, int count, int times) {
        if (!needed.containsKey(name)) {
            return;
        }
        if (times == 1) {
            given.put(name, value);
            return;
        }
        int size = count == 0 ? 0 : value.size() / count;
        int[] sizes = value.shape().sizes();
        sizes[0] = count * times;
        double[] out = new double[sizes[0] * size];
        for (int i = 0; i < sizes[0]; i++) {
            System.arraycopy(value.data(), i / times * size, out, i * size, size);
        }
        given.put(name, Tensor.of(Shape.of(sizes), out));
    }

    private static Tensor cotangent(Head head, int first, int count, int rows, Optional<Numbers.PrimeField> field) {
        Shape shape = head.value().shape().bind(count * rows);
        double[] out = new double[shape.elements()];
        int size = out.length / Math.max(1, count * rows);
        double minus = field.map(f -> f.p() - 1.0).orElse(-1.0);
        for (int n = 0; n < count; n++) {
            for (int d = 0; d < head.directions().size(); d++) {
                int at = (n * rows + first + d) * size;
                Head.Direction direction = head.directions().get(d);
                out[at + direction.plus()] = 1;
                if (direction.minus() >= 0) {
                    out[at + direction.minus()] = minus;
                }
            }
        }
        return Tensor.of(shape, out);
    }

    private double[] assemble(List<Tensor> parts, int batch) {
        double[] out = new double[Math.multiplyExact(batch, columns.length)];
        for (int k = 0; k < parts.size(); k++) {
            int offset = offsets[k];
            double[] data = parts.get(k).data();
            int size = data.length / Math.max(1, batch);
            int e = 0;
            while (e < size) {
                // Live elements mostly follow each other.
                int column = columnOf[offset + e];
                int run = 1;
                while (e + run < size && columnOf[offset + e + run] == (column < 0 ? -1 : column + run)) {
                    run++;
                }
                for (int i = 0; i < batch && column >= 0; i++) {
                    System.arraycopy(data, i * size + e, out, i * columns.length + column, run);
                }
                e += run;
            }
        }
        return out;
    }
}
