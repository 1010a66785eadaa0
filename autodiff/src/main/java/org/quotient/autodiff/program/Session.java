package org.quotient.autodiff.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.kernel.Kernels;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;

/**
 * A program with its memory: the variables, which keep their values from run to run, and what is needed in between. A plan is
 * made for each batch size when it is first met, so that a shorter last batch costs nothing later; variables without a batch
 * axis are shared by all plans. Not safe for use by several threads at a time: open a session for each.
 */
public final class Session implements AutoCloseable {
    private static final int NO_BATCH = -1;
    private static final int PLANS = 4;

    private final Program program;
    private final Definition definition;
    private final Team team;
    private final Map<String, Buffer> shared = new HashMap<>();
    private final Set<String> given = new HashSet<>();
    private final Map<Integer, Bound> plans = new LinkedHashMap<>();
    private final boolean batched;
    private int batch = NO_BATCH;
    private @Nullable Bound bound;

    /** A plan and which of its inputs have been given. */
    private record Bound(Plan plan, Set<String> given) {}

    Session(Program program, Definition definition, int threads) {
        this.program = program;
        this.definition = definition;
        this.team = new Team(threads);
        Map<DType, Arena> arenas = Arena.each();
        for (Op.Variable v : definition.variables().values()) {
            if (!v.shape().isSymbolic()) {
                Buffer buffer =
                        new Buffer(Buffer.Kind.VARIABLE, v.dtype(), v.shape().elements());
                Arena.give(arenas, buffer);
                shared.put(v.name(), buffer);
            }
        }
        arenas.values().forEach(Arena::allocate);
        // A variable that is only written needs no value to start from.
        Set<String> read =
                Definition.variables(Graph.topological(definition.roots())).keySet();
        definition.updates().keySet().stream()
                .filter(name -> !read.contains(name))
                .forEach(given::add);
        batched =
                definition.variables().values().stream().anyMatch(v -> v.shape().isSymbolic());
    }

    /** The program that this session runs. */
    public Program program() {
        return program;
    }

    /**
     * Chooses the batch size of the next runs. Giving an input that has the batch axis does the same.
     *
     * @param n at least 0
     */
    public void batch(int n) {
        if (n < 0) {
            throw new IllegalArgumentException("A batch has 0 or more samples; given " + n);
        }
        if (n != batch) {
            batch = n;
            bound = null;
        }
    }

    /**
     * Gives a variable its value; it is copied.
     *
     * @param name of a variable of the program
     * @param value of its shape and dtype; the batch axis may have any size
     * @throws IllegalArgumentException if there is none of that name, or the shape or dtype differs
     */
    public void set(String name, Tensor value) {
        Op.Variable v = variable(name);
        if (value.shape().rank() != v.shape().rank()) {
            throw mismatch(v, value.shape());
        }
        int n = NO_BATCH;
        for (int i = 0; i < v.shape().rank(); i++) {
            if (v.shape().size(i) == Shape.N) {
                n = value.shape().size(i);
            }
        }
        if (!(n < 0 ? v.shape() : v.shape().bind(n)).equals(value.shape())) {
            throw mismatch(v, value.shape());
        }
        if (definition.field() == null && value.dtype() != v.dtype()) {
            throw new IllegalArgumentException("'" + name + "' has dtype " + v.dtype() + "; the value given has "
                    + value.dtype() + " (Tensor.cast converts)");
        }
        if (definition.field() != null) {
            checkResidues(name, value);
        }
        if (n >= 0) {
            batch(n);
        }
        copyIn(name, value.data(), 0);
    }

    private static IllegalArgumentException mismatch(Op.Variable v, Shape given) {
        return new IllegalArgumentException(
                "'" + v.name() + "' has shape " + v.shape() + "; the value given has " + given);
    }

    private void checkResidues(String name, Tensor value) {
        int p = java.util.Objects.requireNonNull(definition.field()).p();
        for (double element : value.data()) {
            if (!(element >= 0 && element < p && element == Math.rint(element))) {
                throw new IllegalArgumentException(
                        "'" + name + "' needs residues, whole numbers from 0 to " + (p - 1) + "; given " + element);
            }
        }
    }

    /**
     * Copies numbers into a variable without making a tensor of them; rounds to its dtype. For a variable with a batch axis
     * {@link #batch} must have been chosen.
     *
     * @param name of a variable
     * @param values the numbers, row-major
     * @param start index of the first
     * @throws IllegalArgumentException if there are too few numbers
     */
    public void copyIn(String name, double[] values, int start) {
        Buffer buffer = buffer(name);
        if (start < 0 || values.length - start < buffer.size()) {
            throw new IllegalArgumentException("'" + name + "' needs " + buffer.size() + " numbers; given "
                    + Math.max(0, values.length - start) + " from index " + start);
        }
        Kernels.of(buffer.dtype()).load(values, start, buffer.start(), buffer.size());
        given(name);
    }

    private void given(String name) {
        if (shared.containsKey(name)) {
            given.add(name);
        } else {
            bound().given.add(name);
        }
    }

    /** The present value of a variable. */
    public Tensor get(String name) {
        Op.Variable v = variable(name);
        Buffer buffer = buffer(name);
        Shape shape = v.shape().isSymbolic() ? v.shape().bind(batch) : v.shape();
        return Plan.read(View.dense(buffer, shape.sizes()));
    }

    /**
     * Runs the program once. In its steady state, that is from the second run with a batch size on, it allocates nothing,
     * except in operations without a kernel of their own (see {@link #listing}).
     *
     * @throws IllegalArgumentException if a variable has no value yet
     */
    public void run() {
        Bound now = bound();
        if (given.size() + now.given.size() < definition.variables().size()) {
            throw missing(now);
        }
        team.run(now.plan.phases());
    }

    private IllegalArgumentException missing(Bound now) {
        Op.Variable first = definition.variables().values().stream()
                .filter(v -> !given.contains(v.name()) && !now.given.contains(v.name()))
                .findFirst()
                .orElseThrow();
        return new IllegalArgumentException("No value was given for '" + first.name() + "' " + first.shape()
                + (first.shape().isSymbolic() ? " at batch size " + batch : ""));
    }

    /**
     * The value of an output after the last run.
     *
     * @param i its number, from 0
     */
    public Tensor output(int i) {
        return bound().plan.output(i);
    }

    /** The values of all outputs after the last run. */
    public List<Tensor> outputs() {
        List<Tensor> values = new ArrayList<>();
        for (int i = 0; i < definition.outputs().size(); i++) {
            values.add(output(i));
        }
        return values;
    }

    /**
     * The first number of an output after the last run, without allocating: the value of a scalar output.
     *
     * @param i the output's number, from 0
     */
    public double scalar(int i) {
        View view = bound().plan.outputs().get(i);
        Place place = view.place();
        return place.array() instanceof float[] singles
                ? singles[place.offset()]
                : ((double[]) place.array())[place.offset()];
    }

    /**
     * Where the time goes: runs the program on one thread and times each instruction.
     *
     * @param runs how often, at least 1; the variables change as in as many runs
     * @return one line per instruction with its mean microseconds and share, the longest first, and the total
     * @throws IllegalArgumentException if a variable has no value yet
     */
    public String profile(int runs) {
        run();
        Plan plan = bound().plan;
        long[] nanos = new long[plan.code().size()];
        Scratch scratch = new Scratch();
        for (int r = 0; r < runs; r++) {
            for (int i = 0; i < nanos.length; i++) {
                long start = System.nanoTime();
                for (Step step : plan.steps().get(i)) {
                    for (int s = 0; s < step.shards(); s++) {
                        step.run(s, scratch);
                    }
                }
                nanos[i] += System.nanoTime() - start;
            }
        }
        double total = Arrays.stream(nanos).sum();
        StringBuilder text = new StringBuilder();
        IntStream.range(0, nanos.length)
                .boxed()
                .sorted(Comparator.comparingLong(i -> -nanos[i]))
                .forEach(i -> text.append(String.format(
                        Locale.ROOT,
                        "%12.2f us %5.1f %%  %s%n",
                        nanos[i] / 1e3 / runs,
                        100 * nanos[i] / total,
                        plan.code().get(i).name())));
        return text.append(String.format(Locale.ROOT, "%12.2f us in all%n", total / 1e3 / runs))
                .toString();
    }

    /** What a run does with the last batch size. */
    public Cost cost() {
        return Cost.of(bound().plan.code());
    }

    /** The instructions for a batch size, one a line, and the memory that they need. */
    String listing(int n) {
        if (batched) {
            batch(n);
        }
        Plan plan = bound().plan;
        StringBuilder text = new StringBuilder();
        plan.code()
                .forEach(i -> text.append(i.dtype().name().toLowerCase(Locale.ROOT))
                        .append("  ")
                        .append(i.name())
                        .append('\n'));
        return text.append(plan.code().size())
                .append(" instructions in ")
                .append(plan.phases().size())
                .append(" phases, ")
                .append(plan.bytes())
                .append(" bytes of intermediate values\n")
                .toString();
    }

    private Bound bound() {
        Bound now = bound;
        if (now == null) {
            now = plans.get(batch);
            if (now == null) {
                now = new Bound(Plan.of(Lowering.of(definition, batch, shared)), new HashSet<>());
                if (plans.size() >= PLANS) {
                    plans.remove(plans.keySet().iterator().next());
                }
                plans.put(batch, now);
            }
            bound = now;
        }
        return now;
    }

    private Op.Variable variable(String name) {
        Op.Variable v = definition.variables().get(name);
        if (v == null) {
            throw new IllegalArgumentException("The program has no variable '" + name + "'; it has "
                    + definition.variables().keySet().stream().limit(20).toList());
        }
        return v;
    }

    private Buffer buffer(String name) {
        Op.Variable v = variable(name);
        Buffer buffer = shared.get(name);
        if (buffer != null) {
            return buffer;
        }
        if (batch < 0) {
            throw new IllegalArgumentException(
                    "The batch size of '" + name + "' " + v.shape() + " is not known yet; Session.batch(n) chooses it");
        }
        return java.util.Objects.requireNonNull(bound().plan.variables().get(name));
    }

    /** Ends the threads of this session. */
    @Override
    public void close() {
        team.close();
    }
}
