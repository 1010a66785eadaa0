package org.quotient.experiments.dimension;

import java.util.ArrayList;
import java.util.List;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.geometry.laws.ConservationLaws;

/** How many quantities gradient flow conserves: D − dim Lie beside what is known (Marcotte, Gribonval and Peyré 2023, 2025). */
public final class LawsStudy {
    private static final List<List<Integer>> LINEAR = List.of(
            List.of(1, 1, 1),
            List.of(2, 1, 2),
            List.of(1, 2, 1),
            List.of(2, 2, 2),
            List.of(1, 3, 1),
            List.of(1, 3, 2),
            List.of(2, 3, 2),
            List.of(1, 4, 1),
            List.of(1, 4, 2),
            List.of(2, 5, 2));

    private LawsStudy() {}

    /**
     * What is run.
     *
     * @param networks random ReLU networks, and as many linear ones
     * @param depth the largest number of layers of a ReLU network, at least 2
     * @param width the largest width, at least 2
     */
    public record Settings(int networks, int depth, int width) {
        /** The page's. */
        public static Settings full() {
            return new Settings(50, 4, 9);
        }

        /** Seconds. */
        public static Settings quick() {
            return new Settings(3, 3, 3);
        }

        /** The number of closures, those of the table included. */
        public long counts() {
            return 2L * networks + NamedLaws.all().size() + LINEAR.size();
        }
    }

    /**
     * A count.
     *
     * @param text what flows
     * @param expected the number of laws that theory or the published notebooks give
     * @param parameters D, the dimension of the space
     * @param closure the dimension of the Lie algebra
     * @param known laws that the rescaling group gives
     */
    public record Count(String text, int expected, int parameters, int closure, int known) {
        static Count of(String text, int expected, ConservationLaws laws) {
            return new Count(text, expected, laws.parameters(), laws.closure(), laws.known());
        }

        /** D − dim Lie. */
        public int laws() {
            return parameters - closure;
        }

        /** Whether the group gives all of them, which proves the number. */
        public boolean proved() {
            return known == laws();
        }
    }

    /**
     * Everything.
     *
     * @param relu random ReLU networks
     * @param linear random linear networks of two layers
     * @param named the published table
     */
    public record Results(Settings settings, List<Count> relu, List<Count> linear, List<Count> named) {}

    /**
     * Runs all.
     *
     * @param step called after each count
     */
    public static Results run(Settings settings, Runnable step) {
        CounterRandom random = CounterRandom.seeded(0);
        List<Count> relu = new ArrayList<>();
        List<Count> linear = new ArrayList<>();
        for (int i = 0; i < settings.networks(); i++) {
            relu.add(relu(settings, random.split("relu").split(i)));
            step.run();
            CounterRandom draw = random.split("linear").split(i);
            linear.add(linear(
                    1 + draw.below(0, settings.width()),
                    2 + draw.below(1, settings.width() - 1),
                    1 + draw.below(2, settings.width())));
            step.run();
        }
        List<Count> named = new ArrayList<>();
        for (NamedLaws law : NamedLaws.all()) {
            named.add(Count.of(law.text(), law.expected(), law.count().get()));
            step.run();
        }
        for (List<Integer> size : LINEAR) {
            named.add(linear(size.get(0), size.get(1), size.get(2)));
            step.run();
        }
        return new Results(settings, relu, linear, named);
    }

    private static Count relu(Settings settings, CounterRandom draw) {
        int layers = 2 + draw.below(0, settings.depth() - 1);
        boolean bias = draw.below(1, 2) == 1;
        StringBuilder widths = new StringBuilder();
        int hidden = 0;
        for (int l = 0; l <= layers; l++) {
            int width = 2 + draw.below(2 + l, settings.width() - 1);
            widths.append(l == 0 ? "" : "-").append(width);
            hidden += l > 0 && l < layers ? width : 0;
        }
        String spec = "mlp:" + widths + ",bias=" + bias;
        return Count.of(widths + (bias ? ", biases" : ""), hidden, ConservationLaws.of(BuiltIns.model(spec, 0)));
    }

    /** U Vᵀ with U of n × r and V of m × r: UᵀU − VᵀV is conserved. */
    private static Count linear(int n, int r, int m) {
        int total = n + m;
        int expected = r <= total ? r * (r + 1) / 2 : total * r - total * (total - 1) / 2;
        String spec = "mlp:" + m + "-" + r + "-" + n + ",activation=identity,bias=false";
        return Count.of(
                "two linear layers, (n, r, m) = (" + n + ", " + r + ", " + m + ")",
                expected,
                ConservationLaws.of(BuiltIns.model(spec, 0)));
    }
}
