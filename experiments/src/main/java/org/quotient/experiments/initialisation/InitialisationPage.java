package org.quotient.experiments.initialisation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.quotient.experiments.Figure;
import org.quotient.experiments.Numbers;
import org.quotient.experiments.ResultFolder;
import org.quotient.experiments.Spread;
import org.quotient.experiments.Table;
import org.quotient.experiments.initialisation.InitialisationStudy.Draw;
import org.quotient.experiments.initialisation.InitialisationStudy.Part;
import org.quotient.experiments.initialisation.InitialisationStudy.Results;
import org.quotient.experiments.initialisation.InitialisationStudy.Subjected;

/** The page of the experiment. */
public final class InitialisationPage {
    private final Results results;

    private InitialisationPage(Results results) {
        this.results = results;
    }

    /** Page, plots and numbers. */
    public static ResultFolder of(Results results) throws IOException {
        InitialisationPage page = new InitialisationPage(results);
        return new ResultFolder()
                .add("README.md", page.text())
                .add("prediction.png", page.predictionFigure())
                .add("constant-width.png", page.widthFigure())
                .json("results.json", results);
    }

    private List<Subjected> part(Part part) {
        return results.subjects().stream()
                .filter(s -> s.subject().part() == part)
                .toList();
    }

    private String text() {
        int seeds = results.settings().seeds().size();
        return """
                # Path conditioning at initialisation

                Written by `experiments/run initialisation`. All numbers are in [results.json](results.json).

                Path conditioning (PathCond: Lebeurrier, Vayer, Gribonval 2026) chooses scales z = log λ per hidden unit such that the
                diagonal of G = ∂Φᵀ∂Φ is as even as rescaling can make it. Before weights are drawn, what it will do can be
                predicted: replace G_ii by its expectation, the *mean field*. Then all units of a layer get one scale. Here are these
                predictions beside the exact minimiser (Newton's method with a certificate) of %d drawn networks each, in double
                precision. Numbers after ± are standard deviations over seeds. z is the logarithm of the factor λ of a unit's
                incoming weights; the authors' z is twice as large.

                ![Drawn log-scales of layers against predicted ones](prediction.png)

                ## Without biases: a closed form

                With ḡ_l = 1/(σ_l²·n_{l−1}·n_l), which E G_ii is proportional to in layer l, and v_l = mean_m(log ḡ_m) − log ḡ_l, the
                mean-field scales are z_l = −½·Σ_{m≤l} v_m. Afterwards σ'_l²·n_{l−1}·n_l, the expected ‖W_l‖²_F, is the same in all
                layers. That is also where the mean field of ENorm ends: for layers, the two criteria agree.

                """.formatted(seeds)
                + bottleneck()
                + norms()
                + """
                Factors of the gains move z but not where it ends: only their product counts. Units of one layer get different
                scales (last column of the first table), because the minimiser sees the drawn energies and not their expectation.

                ## Constant width: nearly no rescaling, if the variance is large

                %s layers of %s to %s units, all entries normal with variance σ² = s/n, biases with the same variance (τ² = σ²), on
                hidden layers only or on all. Without biases the prediction is z = 0 for every s. The mean field is exact: the
                minimiser at root mean square weights (`Layered.meanField` says why). "Twice that" is the authors' convention.

                ![The largest log-scale against the gain](constant-width.png)

                """.formatted(layers(), width(), width())
                + constantWidth()
                + widthReading()
                + """
                ## The networks of two moons

                """
                + moons()
                + """
                Both ends of these networks are narrow. Where few drawn numbers make the energy of a unit, its two incoming or two
                outgoing weights, units of a layer differ most and their mean is farthest from the prediction.
                """;
    }

    private String layers() {
        return part(Part.CONSTANT_WIDTH).stream()
                .findFirst()
                .map(s -> String.valueOf(s.subject().network().depth()))
                .orElse("");
    }

    private String width() {
        return part(Part.CONSTANT_WIDTH).stream()
                .findFirst()
                .map(s -> String.valueOf(s.subject().network().widths().getFirst()))
                .orElse("");
    }

    private String bottleneck() {
        Table table = new Table(
                "network, initialisation",
                "layer",
                "z by formula",
                "z of the mean field",
                "z drawn, mean of the layer",
                "within a layer, sd of units");
        for (Subjected s : part(Part.BOTTLENECK)) {
            for (int l = 0; l < s.meanField().size(); l++) {
                table.add(
                        l == 0 ? s.subject().network().name() : "",
                        l + 1,
                        Numbers.fixed(s.closedForm().get(l), 4),
                        Numbers.fixed(s.meanField().get(l), 4),
                        Numbers.deviation(s.layer(l), 4),
                        Numbers.fixed(s.within(l).mean(), 3));
            }
        }
        return table.toString();
    }

    private String norms() {
        Table table = new Table(
                "network, initialisation",
                "σ_l²·n_{l−1}·n_l before, per layer",
                "predicted after",
                "‖W'_l‖²_F drawn, per layer",
                "divergence before",
                "after");
        for (Subjected s : part(Part.BOTTLENECK)) {
            List<Double> products = s.subject().network().products();
            double after =
                    Math.exp(products.stream().mapToDouble(Math::log).average().orElseThrow());
            List<String> drawn = new ArrayList<>();
            for (int l = 0; l < products.size(); l++) {
                int layer = l;
                drawn.add(Numbers.three(s.draws().stream()
                        .mapToDouble(d -> d.products().get(layer))
                        .average()
                        .orElseThrow()));
            }
            table.add(
                    s.subject().network().name(),
                    String.join(", ", products.stream().map(Numbers::three).toList()),
                    Numbers.three(after),
                    String.join(", ", drawn),
                    mean(s, true),
                    mean(s, false));
        }
        return table.toString();
    }

    private static String mean(Subjected s, boolean before) {
        return Numbers.three(s.draws().stream()
                .mapToDouble(before ? Draw::divergenceBefore : Draw::divergenceAfter)
                .average()
                .orElseThrow());
    }

    private static Spread largestLayer(Subjected s) {
        return Spread.of(s.draws().stream()
                .map(d -> d.layerMeans().stream().mapToDouble(Math::abs).max().orElse(0))
                .toList());
    }

    private static Spread largestUnit(Subjected s) {
        return Spread.of(s.draws().stream().map(Draw::largest).toList());
    }

    private static boolean outputBias(Subjected s) {
        return s.subject().network().biases().size() == s.subject().network().depth();
    }

    private String constantWidth() {
        Table table = new Table(
                "s = n·σ²",
                "biases",
                "mean field, max abs z",
                "twice that",
                "drawn, max abs layer mean",
                "drawn, max abs z of a unit",
                "z of layers, mean field",
                "z of layers, drawn");
        for (Subjected s : part(Part.CONSTANT_WIDTH)) {
            table.add(
                    Numbers.brief(s.subject().gain()),
                    outputBias(s) ? "all" : "hidden",
                    Numbers.three(s.largestMeanField()),
                    Numbers.two(2 * s.largestMeanField()),
                    Numbers.deviation(largestLayer(s), 3),
                    Numbers.deviation(largestUnit(s), 3),
                    String.join(
                            ", ",
                            s.meanField().stream().map(z -> Numbers.fixed(z, 3)).toList()),
                    String.join(
                            ", ",
                            IntStream.range(0, s.meanField().size())
                                    .mapToObj(l -> Numbers.fixed(s.layer(l).mean(), 3))
                                    .toList()));
        }
        return table.toString();
    }

    /** What the table of constant width says, in words that follow its numbers. */
    private String widthReading() {
        List<Subjected> hidden =
                part(Part.CONSTANT_WIDTH).stream().filter(s -> !outputBias(s)).toList();
        if (hidden.isEmpty()) {
            return "";
        }
        Subjected large = hidden.getFirst();
        Subjected small = hidden.getLast();
        return """
                Between s = %s and s = %s the largest layer scale of the mean field goes from %s to %s (hidden biases). Where it is
                small, what the minimiser does to a drawn network is mostly chance: at s = %s single units move by up to %s, while the
                layer means stay within %s. "Nearly no rescaling" is a statement about layers. A bias at the output has the energy 1
                whatever the other weights are; with it, small s means more rescaling. At small s the energy of a unit in the last
                layers is mostly its own squared bias, one drawn number, whose logarithm is typically far below that of its
                expectation: there the drawn means leave the mean field.

                """.formatted(
                        Numbers.brief(large.subject().gain()),
                        Numbers.brief(small.subject().gain()),
                        Numbers.two(large.largestMeanField()),
                        Numbers.two(small.largestMeanField()),
                        Numbers.brief(large.subject().gain()),
                        Numbers.two(largestUnit(large).mean()),
                        Numbers.two(largestLayer(large).mean()));
    }

    private String moons() {
        Table table =
                new Table("network", "layer", "z of the mean field", "z drawn, mean of the layer", "within a layer");
        for (Subjected s : part(Part.MOONS)) {
            for (int l = 0; l < s.meanField().size(); l++) {
                table.add(
                        l == 0 ? s.subject().network().name() : "",
                        l + 1,
                        Numbers.fixed(s.meanField().get(l), 3),
                        Numbers.deviation(s.layer(l), 3),
                        Numbers.fixed(s.within(l).mean(), 3));
            }
        }
        return table.toString();
    }

    /** One point per hidden layer: the mean over seeds of the layer's mean. */
    private byte[] predictionFigure() throws IOException {
        Figure figure = new Figure(
                "Log-scales of layers: drawn against predicted", "z of the mean field", "z drawn, mean of the layer");
        List<Double> all = results.subjects().stream()
                .flatMap(s -> s.meanField().stream())
                .sorted()
                .toList();
        List<Double> ends = List.of(all.getFirst(), all.getLast());
        figure.line("as predicted", 0, ends, ends, false);
        for (Part part : Part.values()) {
            List<Double> predicted = new ArrayList<>();
            List<Double> drawn = new ArrayList<>();
            for (Subjected s : part(part)) {
                for (int l = 0; l < s.meanField().size(); l++) {
                    predicted.add(s.meanField().get(l));
                    drawn.add(s.layer(l).mean());
                }
            }
            figure.scatter(
                    switch (part) {
                        case BOTTLENECK -> "without biases";
                        case CONSTANT_WIDTH -> "constant width";
                        case MOONS -> "two moons";
                    },
                    part.ordinal() + 1,
                    predicted,
                    drawn);
        }
        return figure.png();
    }

    private byte[] widthFigure() throws IOException {
        Figure figure = new Figure("Constant width: the largest |z|", "s = n·σ²", "|z|").logarithmic(true, true);
        List<Subjected> all = part(Part.CONSTANT_WIDTH);
        List<Subjected> hidden = all.stream().filter(s -> !outputBias(s)).toList();
        line(figure, "mean field", 1, hidden, Subjected::largestMeanField);
        line(figure, "layers, drawn", 2, hidden, s -> largestLayer(s).mean());
        line(figure, "units, drawn", 0, hidden, s -> largestUnit(s).mean());
        line(
                figure,
                "mean field, output biases too",
                3,
                all.stream().filter(InitialisationPage::outputBias).toList(),
                Subjected::largestMeanField);
        return figure.png();
    }

    private static void line(
            Figure figure, String name, int colour, List<Subjected> of, Function<Subjected, Double> value) {
        if (!of.isEmpty()) {
            List<Double> gains = of.stream().map(s -> s.subject().gain()).toList();
            figure.line(name, colour, gains, of.stream().map(value).toList(), true);
        }
    }
}
