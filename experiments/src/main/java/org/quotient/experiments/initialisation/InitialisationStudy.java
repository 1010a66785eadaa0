package org.quotient.experiments.initialisation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.quotient.autodiff.network.Initialisation;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.autodiff.network.Law;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Weights;
import org.quotient.experiments.Spread;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.criteria.Minimum;
import org.quotient.geometry.criteria.OrbitCriterion;
import org.quotient.geometry.lifting.PathLifting;

/** Path conditioning at initialisation: the scales of the mean field beside those of drawn networks. */
public final class InitialisationStudy {
    private InitialisationStudy() {}

    /** Which of the three tables a network is in. */
    public enum Part {
        /** Without biases, layers of different widths: there is a closed form. */
        BOTTLENECK,
        /** One width everywhere, biases of the weights' variance. */
        CONSTANT_WIDTH,
        /** The networks of two moons. */
        MOONS
    }

    /**
     * A network to look at.
     *
     * @param gain s = n·σ² for constant width, NaN elsewhere
     */
    public record Subject(Part part, Layered network, double gain) {}

    /**
     * What is run.
     *
     * @param subjects the networks
     * @param seeds each decides the weights
     */
    public record Settings(List<Subject> subjects, List<Long> seeds) {
        /** Copies its lists. */
        public Settings {
            subjects = List.copyOf(subjects);
            seeds = List.copyOf(seeds);
        }

        /** All networks of the page, ten seeds. */
        public static Settings full() {
            List<Subject> all = new ArrayList<>();
            for (Initialisation init : List.of(Initialisation.TORCH, Initialisation.GLOROT)) {
                all.add(bottleneck(init, 784, 196, 784));
                all.add(bottleneck(init, 784, 392, 196, 392, 784));
                all.add(bottleneck(init, 784, 196, 49, 196, 784));
            }
            Subject one = bottleneck(Initialisation.TORCH, 784, 392, 196, 392, 784);
            all.add(new Subject(
                    Part.BOTTLENECK,
                    one.network().scaled(one.network().name() + ", weights times 10, 1, 1, 0.1", 10, 1, 1, 0.1),
                    Double.NaN));
            for (double gain : List.of(100.0, 1.0, 1 / 3.0, 0.1, 0.01)) {
                all.add(constantWidth(64, 5, gain, false));
                all.add(constantWidth(64, 5, gain, true));
            }
            all.add(moons(64, 4, false));
            all.add(moons(64, 4, true));
            return new Settings(all, LongStream.range(0, 10).boxed().toList());
        }

        /** Seconds. */
        public static Settings quick() {
            return new Settings(
                    List.of(
                            bottleneck(Initialisation.TORCH, 48, 12, 48),
                            constantWidth(16, 5, 1, false),
                            constantWidth(16, 5, 0.01, false),
                            moons(16, 2, true)),
                    List.of(0L, 1L));
        }

        /** The number of minimisations. */
        public long draws() {
            return (long) subjects.size() * seeds.size();
        }
    }

    private static Subject bottleneck(Initialisation init, int... widths) {
        String name = name(widths) + ", " + init.key();
        return new Subject(Part.BOTTLENECK, Layered.biasFree(name, init, widths), Double.NaN);
    }

    private static String name(int... widths) {
        return String.join("-", Arrays.stream(widths).mapToObj(String::valueOf).toList());
    }

    /** Layers n to n, all entries with variance gain/n; the last layer has biases too if asked for. */
    static Subject constantWidth(int n, int layers, double gain, boolean outputBias) {
        Law law = new Law.Normal(Math.sqrt(gain / n));
        return new Subject(
                Part.CONSTANT_WIDTH,
                new Layered(
                        "n = " + n + ", s = " + gain + (outputBias ? ", output bias" : ""),
                        Collections.nCopies(layers + 1, n),
                        Collections.nCopies(layers, law),
                        Collections.nCopies(outputBias ? layers : layers - 1, law)),
                gain);
    }

    /** 2-n-...-n-2 with the default of PyTorch. */
    static Subject moons(int n, int hidden, boolean outputBias) {
        int[] widths = new int[hidden + 2];
        Arrays.fill(widths, n);
        widths[0] = 2;
        widths[hidden + 1] = 2;
        Layered free = Layered.biasFree(name(widths), Initialisation.TORCH, widths);
        List<Law> biases = new ArrayList<>();
        for (int l = 0; l < free.depth() - (outputBias ? 0 : 1); l++) {
            biases.add(Initialisation.TORCH.bias(widths[l]));
        }
        String name = free.name() + (outputBias ? ", all biases" : ", hidden biases");
        return new Subject(Part.MOONS, new Layered(name, free.widths(), free.weights(), biases), Double.NaN);
    }

    /**
     * One drawn network.
     *
     * @param layerMeans the mean log-scale of each hidden layer's units
     * @param layerDeviations their standard deviation in each layer
     * @param largest the largest |z| of a unit
     * @param products the mean square of each rescaled matrix times n_{l−1}·n_l
     * @param divergenceBefore the criterion at the drawn weights
     * @param divergenceAfter the criterion at its minimum
     * @param gap the bound of what is left to gain, from the dual problem
     */
    public record Draw(
            long seed,
            List<Double> layerMeans,
            List<Double> layerDeviations,
            double largest,
            List<Double> products,
            double divergenceBefore,
            double divergenceAfter,
            double gap) {}

    /**
     * A network with its prediction.
     *
     * @param closedForm z_1, ..., z_{L−1} by formula; empty with biases
     * @param meanField the same, by minimising at root mean square weights
     */
    public record Subjected(Subject subject, List<Double> closedForm, List<Double> meanField, List<Draw> draws) {
        /** The mean log-scales of hidden layer l, counted from 0, over the seeds. */
        Spread layer(int l) {
            return Spread.of(draws.stream().map(d -> d.layerMeans().get(l)).toList());
        }

        /** The standard deviations within hidden layer l, counted from 0, over the seeds. */
        Spread within(int l) {
            return Spread.of(draws.stream().map(d -> d.layerDeviations().get(l)).toList());
        }

        /** The largest mean-field |z|. */
        double largestMeanField() {
            return meanField.stream().mapToDouble(Math::abs).max().orElse(0);
        }
    }

    /** Everything. */
    public record Results(Settings settings, List<Subjected> subjects) {}

    /**
     * Runs all.
     *
     * @param step called after each draw
     */
    public static Results run(Settings settings, Runnable step) {
        List<Subjected> out = new ArrayList<>();
        for (Subject subject : settings.subjects()) {
            Layered layered = subject.network();
            InitialisedNetwork drawn = layered.network();
            RescalingGroup group = RescalingGroup.of(drawn.network());
            List<Draw> draws = new ArrayList<>();
            for (long seed : settings.seeds()) {
                draws.add(draw(layered, group, drawn.model(seed), seed));
                step.run();
            }
            out.add(new Subjected(
                    subject,
                    layered.biases().isEmpty() ? layered.closedForm() : List.of(),
                    layered.meanField(),
                    draws));
        }
        return new Results(settings, out);
    }

    private static Draw draw(Layered layered, RescalingGroup group, Model model, long seed) {
        Minimum minimum = OrbitCriterion.pathCond(group, PathLifting.of(model, group.liveness()))
                .minimise();
        List<Double> means = new ArrayList<>();
        List<Double> deviations = new ArrayList<>();
        double largest = 0;
        for (double[] layer : layered.unitScales(group, minimum.z())) {
            Spread spread = Spread.of(layer);
            means.add(spread.mean());
            deviations.add(spread.deviation());
            largest = Math.max(largest, Math.max(-spread.least(), spread.most()));
        }
        Weights moved = minimum.rescaling().weights(model.weights());
        List<Double> products = new ArrayList<>();
        for (int l = 1; l <= layered.depth(); l++) {
            products.add(Layered.product(moved.get("fc" + l + ".weight")));
        }
        return new Draw(seed, means, deviations, largest, products, minimum.before(), minimum.after(), minimum.gap());
    }
}
