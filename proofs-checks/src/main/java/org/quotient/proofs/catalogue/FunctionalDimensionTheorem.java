package org.quotient.proofs.catalogue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.field.Echelon;
import org.quotient.autodiff.network.Freeze;
import org.quotient.autodiff.network.Network;
import org.quotient.proofs.Choices;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Finding;
import org.quotient.proofs.Hypothesis;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Sketch;

/**
 * The rank of the Jacobian of the outputs in the parameters, on points at both sides of every bend, for one hidden layer with biases:
 * at most live − generators, and less by closed forms where a unit is dead, always on, silent or a twin. The rank is taken modulo
 * a prime, which makes it a lower bound; null vectors that hold for every input make the upper bound.
 */
final class FunctionalDimensionTheorem {
    private static final int QUICK = 80;

    private FunctionalDimensionTheorem() {}

    /** What is special about the first unit. */
    enum Situation {
        /** Nothing. */
        GENERIC,
        /** It bends where the second unit does, on the same side. */
        TWIN,
        /** All that leaves it is zero. */
        SILENT,
        /** Its incoming weights are zero and its bias is negative. */
        DEAD,
        /** Its incoming weights are zero and its bias is positive. */
        CONSTANT
    }

    /** An instance with its situation. */
    record Shallow(NetworkInstance instance, int inputs, int units, int outputs, Situation situation) {
        private double w(int unit, int input) {
            return instance.weights().get("w1").get(unit * inputs + input);
        }

        private double b(int unit) {
            return instance.weights().get("b1").get(unit);
        }

        private double u(int output, int unit) {
            return instance.weights().get("w2").get(output * units + unit);
        }

        private int parameters() {
            return Math.toIntExact(instance.network().parameterCount());
        }
    }

    static Theorem<Shallow> theorem() {
        return new Theorem<>(
                "functional-dimension",
                new Claim<>(
                        "the functional dimension is at most live − generators; for one hidden layer with biases it is"
                                + " n₀r + rm + m, less n₀ for a silent unit, n₀ + m for a dead one, m for one that is always"
                                + " on, and m or n₀ + m for twins",
                        FunctionalDimensionTheorem::check),
                "\\operatorname{dim}_{\\mathrm{fun}}(\\theta) \\le m - H, \\qquad \\operatorname{dim}_{\\mathrm{fun}} ="
                        + " n_0 r + r m + m \\text{ generically for one hidden layer}",
                "Grigsby, Lindsey, Meyerhoff and Wu 2022; closed forms: derived",
                List.of(new Hypothesis<>(
                        "bends of units are different but for twins", FunctionalDimensionTheorem::distinct)),
                new org.quotient.proofs.GeneratedInstances<>(
                        List.of(),
                        FunctionalDimensionTheorem::draw,
                        QUICK,
                        10 * QUICK,
                        Shallow::parameters,
                        s -> s.instance().description()),
                Verdict.PROVED,
                new Claim<>("the bound live − generators is attained wherever no parameter is zero", s -> {
                    int rank = rank(s);
                    long bound = s.instance().live() - s.instance().group().rank();
                    if (s.instance().network().parameters().stream()
                            .anyMatch(p -> Arrays.stream(
                                            s.instance().weights().get(p).data())
                                    .anyMatch(x -> x == 0))) {
                        return new Finding.NotApplicable("no parameter is zero");
                    }
                    return rank == bound
                            ? new Finding.Proved("rank " + rank)
                            : new Finding.Refuted("rank " + rank
                                    + " on points at both sides of every bend, but the bound is " + bound);
                }));
    }

    private static Shallow draw(Choices choices) {
        Situation situation = choices.among(Situation.values());
        int inputs = choices.between(1, 3);
        int units = choices.between(situation == Situation.TWIN ? 2 : 1, 3);
        int outputs = choices.between(1, 2);
        double[] w = numbers(choices, units * inputs);
        double[] b = numbers(choices, units);
        double[] u = numbers(choices, outputs * units);
        double[] c = numbers(choices, outputs);
        if (situation == Situation.TWIN) {
            int factor = choices.between(1, 2);
            for (int j = 0; j < inputs; j++) {
                w[j] = factor * w[inputs + j];
            }
            b[0] = factor * b[1];
        }
        if (situation == Situation.DEAD || situation == Situation.CONSTANT) {
            Arrays.fill(w, 0, inputs, 0);
            b[0] = situation == Situation.DEAD ? -1 : 1;
        }
        if (situation == Situation.SILENT) {
            for (int k = 0; k < outputs; k++) {
                u[k * units] = 0;
            }
        }
        double[] all = new double[w.length + b.length + u.length + c.length];
        int next = 0;
        for (double[] part : List.of(w, b, u, c)) {
            System.arraycopy(part, 0, all, next, part.length);
            next += part.length;
        }
        NetworkInstance instance = NetworkInstance.of(Sketch.mlp(true, inputs, units, outputs), all);
        return new Shallow(instance, inputs, units, outputs, situation);
    }

    private static double[] numbers(Choices choices, int count) {
        double[] out = new double[count];
        for (int k = 0; k < count; k++) {
            out[k] = choices.nonzero(4);
        }
        return out;
    }

    /** Whether no two units bend at the same hyperplane, on either side, but for the twins. */
    private static boolean distinct(Shallow s) {
        for (int i = 0; i < s.units(); i++) {
            for (int j = i + 1; j < s.units(); j++) {
                boolean meant = s.situation() == Situation.TWIN && i == 0 && j == 1;
                if (!meant && parallel(row(s, i), row(s, j))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static double[] row(Shallow s, int unit) {
        double[] row = new double[s.inputs() + 1];
        for (int j = 0; j < s.inputs(); j++) {
            row[j] = s.w(unit, j);
        }
        row[s.inputs()] = s.b(unit);
        return row;
    }

    private static boolean parallel(double[] a, double[] b) {
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a.length; j++) {
                if (a[i] * b[j] != a[j] * b[i]) {
                    return false;
                }
            }
        }
        return true;
    }

    private static double[] out(Shallow s, int unit) {
        double[] out = new double[s.outputs()];
        for (int k = 0; k < out.length; k++) {
            out[k] = s.u(k, unit);
        }
        return out;
    }

    private static boolean parallelTwins(Shallow s) {
        return parallel(out(s, 0), out(s, 1));
    }

    private static int closedForm(Shallow s) {
        int n = s.inputs();
        int m = s.outputs();
        int generic = n * s.units() + s.units() * m + m;
        return generic
                - switch (s.situation()) {
                    case GENERIC -> 0;
                    case SILENT -> n;
                    case DEAD -> n + m;
                    case CONSTANT -> m;
                    case TWIN -> parallelTwins(s) ? n + m : m;
                };
    }

    /** Directions in parameter space along which no output changes to first order, whatever the input. */
    private static List<long[]> nullVectors(Shallow s) {
        int n = s.inputs();
        int biases = n * s.units();
        int out = biases + s.units();
        int last = out + s.outputs() * s.units();
        List<long[]> all = new ArrayList<>();
        for (int h = 0; h < s.units(); h++) {
            long[] vertical = new long[s.parameters()];
            for (int j = 0; j < n; j++) {
                vertical[h * n + j] = (long) s.w(h, j);
            }
            vertical[biases + h] = (long) s.b(h);
            for (int k = 0; k < s.outputs(); k++) {
                vertical[out + k * s.units() + h] = -(long) s.u(k, h);
            }
            all.add(vertical);
        }
        boolean entering = s.situation() == Situation.SILENT || s.situation() == Situation.DEAD;
        for (int j = 0; j < n && entering; j++) {
            all.add(unit(s, j, 1, 0, 0));
        }
        if (entering) {
            all.add(unit(s, biases, 1, 0, 0));
        }
        for (int k = 0; k < s.outputs(); k++) {
            switch (s.situation()) {
                case DEAD -> all.add(unit(s, out + k * s.units(), 1, 0, 0));
                case CONSTANT -> all.add(unit(s, out + k * s.units(), 1, last + k, -(long) s.b(0)));
                case TWIN -> {
                    long factor = (long) (s.b(0) / s.b(1));
                    all.add(unit(s, out + k * s.units(), 1, out + k * s.units() + 1, -factor));
                }
                case GENERIC, SILENT -> {}
            }
        }
        if (s.situation() == Situation.TWIN && parallelTwins(s)) {
            for (int j = 0; j < n; j++) {
                all.add(unit(s, j, (long) s.u(0, 1), n + j, -(long) s.u(0, 0)));
            }
            all.add(unit(s, biases, (long) s.u(0, 1), biases + 1, -(long) s.u(0, 0)));
        }
        return all;
    }

    private static long[] unit(Shallow s, int first, long a, int second, long b) {
        long[] v = new long[s.parameters()];
        v[second] = b;
        v[first] = a;
        return v;
    }

    private static Finding check(Shallow s) {
        double[] jacobian = jacobian(s);
        int columns = s.parameters();
        int rows = jacobian.length / columns;
        int rank = Echelon.rank(ExactRank.FIELD, rows, columns, jacobian);
        List<long[]> vectors = nullVectors(s);
        for (long[] v : vectors) {
            for (int r = 0; r < rows; r++) {
                long sum = 0;
                for (int c = 0; c < columns; c++) {
                    sum += ExactNumbers.times((long) jacobian[r * columns + c], v[c]);
                }
                if (sum % ExactRank.FIELD.p() != 0) {
                    return new Finding.Refuted(Arrays.toString(v) + " is no null vector of the Jacobian");
                }
            }
        }
        int upper = columns - ExactRank.modulo(vectors);
        long bound = s.instance().live() - s.instance().group().rank();
        int closed = closedForm(s);
        return rank == closed && upper == closed && closed <= bound
                ? new Finding.Proved("rank " + rank + " of " + columns + " parameters, one unit "
                        + s.situation().name().toLowerCase(java.util.Locale.ROOT) + ", bound " + bound)
                : new Finding.Refuted("rank " + rank + ", at most " + upper + " by null vectors, closed form " + closed
                        + ", bound " + bound);
    }

    private static int rank(Shallow s) {
        double[] jacobian = jacobian(s);
        return Echelon.rank(ExactRank.FIELD, jacobian.length / s.parameters(), s.parameters(), jacobian);
    }

    /** Rows by sample and output, columns by parameter element, modulo the prime. */
    private static double[] jacobian(Shallow s) {
        NetworkInstance i = s.instance();
        Tensor x = points(s);
        Network frozen = Freeze.at(i.network(), i.weights(), List.of(x));
        Expr y = frozen.outputs().getFirst();
        int rows = y.shape().elements();
        List<Expr> blocks = frozen.parameters().stream()
                .map(p -> Differentiation.jacobian(y, p))
                .toList();
        var values = ExactNumbers.residues(i.weights().with(frozen.inputs(), List.of(x)));
        List<Tensor> parts = Evaluator.evaluate(blocks, values, ExactRank.FIELD);
        double[] out = new double[rows * s.parameters()];
        int at = 0;
        for (Tensor part : parts) {
            int width = part.size() / rows;
            for (int r = 0; r < rows; r++) {
                System.arraycopy(part.data(), r * width, out, r * s.parameters() + at, width);
            }
            at += width;
        }
        return out;
    }

    /** Points on both sides of every bend, with random places along it. */
    private static Tensor points(Shallow s) {
        int n = s.inputs();
        CounterRandom random = CounterRandom.seeded(1).split("points");
        List<double[]> all = new ArrayList<>();
        long next = 0;
        for (int h = 0; h < s.units(); h++) {
            double square = 0;
            for (int j = 0; j < n; j++) {
                square += s.w(h, j) * s.w(h, j);
            }
            for (int place = 0; place < 2 * (n + 1); place++) {
                double[] t = new double[n];
                double along = s.b(h);
                for (int j = 0; j < n; j++) {
                    t[j] = 3 * random.normal(next++);
                    along += s.w(h, j) * t[j];
                }
                for (int side = -1; side <= 1; side += 2) {
                    double[] point = new double[n];
                    for (int j = 0; j < n; j++) {
                        double move = square == 0 ? 0 : (side * 0.25 * (1 + place) - along) * s.w(h, j) / square;
                        point[j] = Math.rint(1024 * (t[j] + move)) / 1024;
                    }
                    all.add(point);
                }
            }
        }
        double[] data = all.stream().flatMapToDouble(Arrays::stream).toArray();
        return Tensor.of(Shape.of(all.size(), n), data);
    }
}
