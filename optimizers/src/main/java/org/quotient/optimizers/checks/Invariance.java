package org.quotient.optimizers.checks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.Rescaling;
import org.quotient.geometry.RescalingGroup;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.Subgroup;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Run;
import org.quotient.optimizers.training.Training;

/**
 * Which rescalings an update does not feel, by measurement: it is trained from θ and from gθ on the same batches, and the functions
 * reached are compared, subgroup by subgroup. The rescalings are random, once with real scales and once with powers of two, which
 * arithmetic carries exactly: there an equivariant update reaches the same outputs bit for bit.
 *
 * @param learningRate the rate used
 * @param losses of the run from θ, before each step and after the last
 * @param measured by subgroup; subgroups of which the network has none are left out
 */
public record Invariance(double learningRate, List<Double> losses, Map<Subgroup, Measured> measured) {
    /** Above this a deviation in double precision is no rounding. */
    private static final double TOLERANCE = 1e-7;

    private static final double TOLERANCE_SINGLE = 1e-3;

    /** Keeps its own copies. */
    public Invariance {
        losses = List.copyOf(losses);
        measured = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(measured));
    }

    /**
     * What one subgroup showed.
     *
     * @param dimension of the subgroup
     * @param functionDeviation the largest difference of an output between the two runs, relative to the largest output; infinite
     *     if the run from gθ left the finite numbers
     * @param bitwise whether all outputs were the same bits for scales that are powers of two
     * @param survives whether the deviation is rounding
     */
    public record Measured(int dimension, double functionDeviation, boolean bitwise, boolean survives) {}

    /** The subgroup whose elements survive: {@link Subgroup#FULL} if all do. */
    public List<Subgroup> law() {
        Measured full = measured.get(Subgroup.FULL);
        if (full == null || full.survives()) {
            return List.of(Subgroup.FULL);
        }
        return measured.entrySet().stream()
                .filter(e -> e.getValue().survives())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** How an invariance is measured. */
    public record Settings(double spread, long seed) {
        /** Log-scales with standard deviation 1, seed 0. */
        public static final Settings STANDARD = new Settings(1, 0);
    }

    /**
     * Measures.
     *
     * @param problem network and loss
     * @param update to be measured
     * @param weights θ
     * @param batches one per step, at least one
     * @param probe inputs at which functions are compared
     * @param settings of the random rescalings
     * @throws IllegalArgumentException if no learning rate keeps the run from θ finite
     */
    public static Invariance measure(
            Problem problem,
            Update update,
            Weights weights,
            List<Batch> batches,
            List<Tensor> probe,
            Settings settings) {
        Training training = Training.of(problem, update);
        double rate = rate(training, weights, batches);
        RescalingGroup group = problem.group();
        Trace plain = trace(training, weights, batches, rate, probe);
        if (group.rank() > 0 && !moves(group, training.start(weights).model().weights(), plain.weights)) {
            throw new IllegalArgumentException("Training with '" + update.name() + "' moves no weight of '"
                    + problem.network().name()
                    + "' that a rescaling would move, so nothing can be measured; are all its units"
                    + " dead at these weights? Give other weights, such as another --seed");
        }
        Map<Subgroup, Measured> measured = new LinkedHashMap<>();
        CounterRandom random = CounterRandom.seeded(settings.seed()).split("rescalings");
        for (Subgroup subgroup : Subgroup.values()) {
            List<int[]> directions = subgroup.directions(group);
            if (directions.isEmpty()) {
                continue;
            }
            CounterRandom mine = random.split(subgroup.name());
            double[] z = new double[group.rank()];
            int[] exponents = new int[group.rank()];
            for (int d = 0; d < directions.size(); d++) {
                double real = settings.spread() * mine.normal(2L * d);
                // Never 0, so that every direction moves.
                int power = (mine.below(2L * d + 1, 2) == 0 ? -1 : 1)
                        * (1 + mine.split("size").below(d, (int) Math.max(1, Math.round(2 * settings.spread()))));
                for (int k = 0; k < z.length; k++) {
                    z[k] += real * directions.get(d)[k];
                    exponents[k] += power * directions.get(d)[k];
                }
            }
            Trace real = trace(training, Rescaling.of(group, z).weights(weights), batches, rate, probe);
            Trace binary = trace(training, group.actByPowersOfTwo(weights, exponents), batches, rate, probe);
            double deviation = Math.max(plain.deviation(real), plain.deviation(binary));
            double tolerance = problem.dtype() == DType.F64 ? TOLERANCE : TOLERANCE_SINGLE;
            measured.put(
                    subgroup,
                    new Measured(
                            directions.size(),
                            deviation,
                            plain.outputs.sameBits(binary.outputs),
                            deviation <= tolerance));
        }
        return new Invariance(rate, plain.losses, measured);
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Trace(List<Double> losses, Tensor outputs, Weights weights) {
        double deviation(Trace other) {
            double scale = outputs.maxAbs();
            double most = 0;
            for (int i = 0; i < outputs.size(); i++) {
                double d = Math.abs(outputs.get(i) - other.outputs.get(i));
                most = Double.isFinite(d) ? Math.max(most, d) : Double.POSITIVE_INFINITY;
            }
            return most == 0 ? 0 : most / scale;
        }
    }

    private static Trace trace(
            Training training, Weights weights, List<Batch> batches, double rate, List<Tensor> probe) {
        try (Run run = training.open(training.start(weights))) {
            Double[] losses = new Double[batches.size()];
            for (int t = 0; t < losses.length; t++) {
                losses[t] = run.step(batches.get(t), rate);
            }
            Model reached = new Model(training.problem().network(), run.weights());
            return new Trace(Arrays.asList(losses), reached.evaluate(probe).getFirst(), reached.weights());
        }
    }

    /** Whether training changed an element that some generator scales. */
    private static boolean moves(RescalingGroup group, Weights before, Weights after) {
        CounterRandom random = CounterRandom.seeded(0);
        double[] generic = new double[group.rank()];
        for (int k = 0; k < generic.length; k++) {
            generic[k] = 1 + random.uniform(k);
        }
        Map<String, double[]> scales = group.logScales(generic);
        return group.network().parameters().stream().map(Network::nameOf).anyMatch(name -> {
            double[] mine = java.util.Objects.requireNonNull(scales.get(name));
            Tensor x = before.get(name);
            Tensor y = after.get(name);
            for (int i = 0; i < mine.length; i++) {
                if (mine[i] != 0 && x.get(i) != y.get(i)) {
                    return true;
                }
            }
            return false;
        });
    }

    /** The largest power of two for which no step changes the loss on its own batch by more than a tenth. */
    private static double rate(Training training, Weights weights, List<Batch> batches) {
        for (int k = 4; k > -60; k--) {
            double rate = Math.scalb(1.0, k);
            if (gentle(training, weights, batches, rate)) {
                return rate;
            }
        }
        throw new IllegalArgumentException("No learning rate from 16 down to 1e-18 keeps the training with '"
                + training.update().name()
                + "' finite and its loss within 10 % per step; are weights or data extreme?");
    }

    private static boolean gentle(Training training, Weights weights, List<Batch> batches, double rate) {
        try (Run run = training.open(training.start(weights))) {
            for (Batch batch : batches) {
                double before = run.step(batch, rate);
                double after = training.loss(run.weights(), batch);
                if (!(Double.isFinite(before) && Math.abs(after - before) <= 0.1 * before)) {
                    return false;
                }
            }
            return true;
        }
    }
}
