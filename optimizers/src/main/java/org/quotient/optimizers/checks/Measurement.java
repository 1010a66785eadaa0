package org.quotient.optimizers.checks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
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
import org.quotient.optimizers.training.TrainingState;

/** The runs that one {@link Invariance} is measured with. */
final class Measurement {
    /** Runs from weights changed in their last bits. */
    private static final int NOISY_RUNS = 2;

    /** By how many units in the last place. */
    private static final double LAST_BITS = 4;

    /** The largest deviation of a start from the function given. */
    private static final double SAME = 1e-6;

    private static final double SAME_SINGLE = 1e-2;

    /** Above this a deviation is no rounding, in double precision. */
    private static final double LARGE = 1e-7;

    private static final double LARGE_SINGLE = 1e-3;

    /** By how much more than changes of the last bits rescaled runs may deviate. */
    private static final double NOISE = 16;

    /** More than this is no measurement. */
    private static final double TOO_LOUD = 0.01;

    /** Growth of a deviation with the scales that is more than chance. */
    private static final double GROWTH = 10;

    /** So many learning rates in turn, each half the one before, must be gentle for the first to be taken. */
    private static final int GENTLE = 3;

    /** The part of the outputs' variation that a gentle training leaves at least. */
    private static final double ALIVE = 0.05;

    private final Training training;
    private final Weights weights;
    private final List<Batch> batches;
    private final List<Tensor> probe;
    private final boolean singles;
    private final double ulp;

    Measurement(Training training, Weights weights, List<Batch> batches, List<Tensor> probe) {
        this.training = training;
        this.weights = weights;
        this.batches = batches;
        this.probe = probe;
        this.singles = training.problem().dtype() == DType.F32;
        this.ulp = singles ? Math.ulp(1f) : Math.ulp(1.0);
    }

    Invariance measure(Invariance.Settings settings) {
        startsWithTheSameFunction();
        double rate = rate();
        RescalingGroup group = training.problem().group();
        Trace plain = trace(weights, rate);
        if (group.rank() > 0 && !moves(group, training.start(weights).model().weights(), plain.weights)) {
            throw motionless();
        }
        Noise noise = noise(plain, rate);
        Map<Subgroup, Invariance.Measured> measured = new LinkedHashMap<>();
        CounterRandom random = CounterRandom.seeded(settings.seed()).split("rescalings");
        for (Subgroup subgroup : Subgroup.values()) {
            List<int[]> directions = subgroup.directions(group);
            if (!directions.isEmpty()) {
                Scales scales = Scales.random(group, directions, settings.spread(), random.split(subgroup.name()));
                measured.put(subgroup, measured(plain, rate, noise, directions.size(), scales));
            }
        }
        return new Invariance(rate, noise.rounding(), plain.losses, measured);
    }

    private Invariance.Measured measured(Trace plain, double rate, Noise noise, int dimension, Scales scales) {
        RescalingGroup group = training.problem().group();
        Trace binary = trace(group.actByPowersOfTwo(weights, scales.exponents), rate);
        double deviation =
                Math.max(plain.deviation(binary), deviation(plain, rate, Rescaling.of(group, scales.logarithms)));
        boolean survives = deviation <= noise.rounding();
        if (!survives && deviation <= noise.large()) {
            // Rounding, or what solvers leave, does not grow with the scales, whichever way they lead.
            double more = Math.max(
                    deviation(plain, rate, Rescaling.of(group, scales.larger())),
                    deviation(plain, rate, Rescaling.of(group, negative(scales.larger()))));
            survives = more <= GROWTH * Math.max(deviation, noise.large() * 1e-4);
        }
        return new Invariance.Measured(dimension, deviation, plain.sameBits(binary), survives);
    }

    /** Of the run from gθ, and of one rescaled by g half way if that should be the same. */
    private double deviation(Trace plain, double rate, Rescaling g) {
        Weights rescaled = g.weights(weights);
        double deviation = plain.deviation(trace(rescaled, rate));
        if (batches.size() > 1 && training.update().between().isEmpty() && carriesOver(rescaled, g)) {
            deviation = Math.max(deviation, plain.deviation(rescaledHalfWay(rate, g)));
        }
        return deviation;
    }

    /** Whether the update remembers something and begins at gθ as rescaled from θ: it chooses no representative of its own. */
    private boolean carriesOver(Weights rescaled, Rescaling g) {
        TrainingState here = training.start(weights);
        TrainingState there = training.start(rescaled);
        return here.optimizer().slots().values().stream().anyMatch(slot -> !slot.fixed())
                && same(here.model().weights(), weights)
                && same(there.model().weights(), rescaled)
                && here.optimizer().rescaled(g).slots().entrySet().stream()
                        .allMatch(e -> near(
                                e.getValue().values(),
                                there.optimizer().get(e.getKey()).values()));
    }

    private boolean near(Map<String, Tensor> a, Map<String, Tensor> b) {
        return a.entrySet().stream()
                .allMatch(e -> b.containsKey(e.getKey())
                        && deviation(e.getValue(), java.util.Objects.requireNonNull(b.get(e.getKey())))
                                <= (singles ? SAME_SINGLE : SAME));
    }

    private static boolean same(Weights a, Weights b) {
        return a.asMap().entrySet().stream().allMatch(e -> e.getValue().sameBits(b.get(e.getKey())));
    }

    private static double[] negative(double[] z) {
        return java.util.Arrays.stream(z).map(x -> -x).toArray();
    }

    // ---- Runs

    private Trace trace(Weights from, double rate) {
        List<Double> losses = new ArrayList<>();
        return finished(training.start(from), 0, rate, losses);
    }

    private Trace rescaledHalfWay(double rate, Rescaling g) {
        int half = batches.size() / 2;
        List<Double> losses = new ArrayList<>();
        TrainingState state;
        try (Run run = training.open(training.start(weights))) {
            for (int t = 0; t < half; t++) {
                losses.add(run.step(batches.get(t), rate));
            }
            state = run.state();
        }
        return finished(state.rescaled(g), half, rate, losses);
    }

    private Trace finished(TrainingState from, int step, double rate, List<Double> losses) {
        try (Run run = training.open(from)) {
            for (int t = step; t < batches.size(); t++) {
                losses.add(run.step(batches.get(t), rate));
            }
            Model reached = new Model(training.problem().network(), run.weights());
            return new Trace(losses, reached.evaluate(probe).getFirst(), reached.weights());
        }
    }

    private record Trace(List<Double> losses, Tensor outputs, Weights weights) {
        double deviation(Trace other) {
            double largest = losses.stream().mapToDouble(Math::abs).max().orElse(0);
            double most = 0;
            for (int t = 0; t < losses.size(); t++) {
                most = larger(most, losses.get(t) - other.losses.get(t), largest);
            }
            return Math.max(most, Measurement.deviation(outputs, other.outputs));
        }

        boolean sameBits(Trace other) {
            return losses.equals(other.losses) && outputs.sameBits(other.outputs);
        }
    }

    /** The largest difference of two outputs relative to the largest of the first, or of the second where the first are all 0. */
    private static double deviation(Tensor outputs, Tensor others) {
        double scale = outputs.maxAbs() > 0 ? outputs.maxAbs() : others.maxAbs();
        double most = 0;
        for (int i = 0; i < outputs.size(); i++) {
            most = larger(most, outputs.get(i) - others.get(i), scale);
        }
        return most;
    }

    private static double larger(double most, double difference, double scale) {
        double d = Math.abs(difference);
        return !Double.isFinite(d) ? Double.POSITIVE_INFINITY : d == 0 ? most : Math.max(most, d / scale);
    }

    // ---- What rounding is

    /**
     * What explains a deviation.
     *
     * @param rounding up to this, changes in the last bits
     * @param large above this, nothing of the kind
     */
    private record Noise(double rounding, double large) {}

    private Noise noise(Trace plain, double rate) {
        double most = 0;
        for (int r = 0; r < NOISY_RUNS; r++) {
            CounterRandom random = CounterRandom.seeded(r).split("last bits");
            Map<String, Tensor> changed = new LinkedHashMap<>(weights.asMap());
            for (Expr p : training.problem().network().parameters()) {
                String name = Network.nameOf(p);
                CounterRandom mine = random.split(name);
                Tensor w = weights.get(p);
                changed.put(
                        name,
                        Tensor.fill(
                                w.shape(),
                                w.dtype(),
                                i -> w.get(i) * (1 + LAST_BITS * ulp * (2 * mine.uniform(i) - 1))));
            }
            most = Math.max(most, plain.deviation(trace(Weights.of(changed), rate)));
        }
        double large = singles ? LARGE_SINGLE : LARGE;
        if (!(NOISE * most <= TOO_LOUD)) {
            throw new IllegalArgumentException("Training with '"
                    + training.update().name() + "' on '"
                    + training.problem().network().name()
                    + "' raises changes in the last bits of the weights to " + most
                    + " of the outputs, so rounding hides what is to be measured. Take fewer steps"
                    + (singles ? ", a network in double precision" : "") + " or other settings");
        }
        return new Noise(Math.max(NOISE * most, 64 * ulp), large);
    }

    // ---- What can be measured

    private void startsWithTheSameFunction() {
        Network network = training.problem().network();
        Update update = training.update();
        Weights given = update.initialisation()
                .map(own -> own.apply(training.problem(), weights))
                .orElse(weights);
        Tensor outputs = new Model(network, given).evaluate(probe).getFirst();
        if (!Double.isFinite(outputs.maxAbs())) {
            throw new IllegalArgumentException("The outputs of '" + network.name()
                    + "' are not finite at these weights, so nothing can be measured; are weights or data extreme?");
        }
        Tensor started = training.startWith(given).model().evaluate(probe).getFirst();
        double deviation = deviation(outputs, started);
        if (!(deviation <= (singles ? SAME_SINGLE : SAME))) {
            throw new IllegalArgumentException("The start of '" + update.name() + "' changes the function of '"
                    + network.name() + "' (its outputs by " + deviation
                    + " of the largest); it has to give weights of the same function. What begins with another one is"
                    + " Update.initialisation");
        }
    }

    private IllegalArgumentException motionless() {
        return new IllegalArgumentException(
                "Training with '"
                        + training.update().name() + "' moves no weight of '"
                        + training.problem().network().name()
                        + "' that a rescaling would move, so nothing can be measured; are all its units"
                        + " dead at these weights, or do inputs of random numbers not reach them? Give other weights, such as another --seed");
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

    /**
     * The largest power of two from which on three in turn are gentle: a step that jumps over a minimum can leave the loss nearly
     * what it was, and then kills units, which the half of it shows.
     */
    private double rate() {
        Problem problem = training.problem();
        double variation = variation(
                new Model(problem.network(), training.start(weights).model().weights())
                        .evaluate(probe)
                        .getFirst());
        int found = 0;
        for (int k = 4; k > -62; k--) {
            found = gentle(Math.scalb(1.0, k), variation) ? found + 1 : 0;
            if (found == GENTLE) {
                return Math.scalb(1.0, k + GENTLE - 1);
            }
        }
        throw new IllegalArgumentException("No learning rate from 16 down to 1e-18 keeps the training with '"
                + training.update().name()
                + "' finite, its loss within 10 % per step and its function more than a constant; are weights or data"
                + " extreme, does a setting divide by 0, or does the update change the weights whatever the rate?");
    }

    /** Whether no step changes the loss on its own batch by more than a tenth, and the function reached still depends on its input. */
    private boolean gentle(double rate, double variation) {
        try (Run run = training.open(training.start(weights))) {
            for (Batch batch : batches) {
                double before = run.step(batch, rate);
                double after = training.loss(run.weights(), batch);
                if (!(Double.isFinite(before) && Math.abs(after - before) <= 0.1 * before)) {
                    return false;
                }
            }
            Tensor reached = new Model(training.problem().network(), run.weights())
                    .evaluate(probe)
                    .getFirst();
            return variation(reached) >= ALIVE * variation;
        }
    }

    /** The largest difference of an output between two samples. */
    private static double variation(Tensor outputs) {
        int samples = outputs.shape().rank() == 0 ? 1 : outputs.shape().size(0);
        int each = samples == 0 ? 0 : outputs.size() / samples;
        double most = 0;
        for (int i = 0; i < each; i++) {
            double least = Double.POSITIVE_INFINITY;
            double largest = Double.NEGATIVE_INFINITY;
            for (int n = 0; n < samples; n++) {
                least = Math.min(least, outputs.get(n * each + i));
                largest = Math.max(largest, outputs.get(n * each + i));
            }
            most = Math.max(most, largest - least);
        }
        return most;
    }

    /** Random elements of a subgroup: real log-scales, and powers of two none of which is 1. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Scales(double spread, double[] logarithms, int[] exponents) {
        static Scales random(RescalingGroup group, List<int[]> directions, double spread, CounterRandom random) {
            double[] z = new double[group.rank()];
            int[] exponents = new int[group.rank()];
            for (int d = 0; d < directions.size(); d++) {
                double real = spread * random.normal(2L * d);
                // Never 0, so that every direction moves.
                int power = (random.below(2L * d + 1, 2) == 0 ? -1 : 1)
                        * (1 + random.split("size").below(d, (int) Math.max(1, Math.round(2 * spread))));
                for (int k = 0; k < z.length; k++) {
                    z[k] += real * directions.get(d)[k];
                    exponents[k] += power * directions.get(d)[k];
                }
            }
            return new Scales(spread, z, exponents);
        }

        /** Three times as large, and at least as large as a usual draw of that size: a small draw shows little. */
        double[] larger() {
            double squares = 0;
            int moved = 0;
            for (double z : logarithms) {
                squares += z * z;
                moved += z == 0 ? 0 : 1;
            }
            double usual = Math.sqrt(squares / Math.max(1, moved));
            double[] more = logarithms.clone();
            for (int k = 0; k < more.length; k++) {
                more[k] *= 3 * Math.max(1, spread / usual);
            }
            return more;
        }
    }
}
