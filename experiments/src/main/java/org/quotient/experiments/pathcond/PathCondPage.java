package org.quotient.experiments.pathcond;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.quotient.experiments.Figure;
import org.quotient.experiments.Numbers;
import org.quotient.experiments.ResultFolder;
import org.quotient.experiments.Spread;
import org.quotient.experiments.Table;
import org.quotient.experiments.pathcond.PathCondSettings.Kind;
import org.quotient.experiments.pathcond.PathCondStudy.Part;
import org.quotient.experiments.pathcond.PathCondStudy.Results;
import org.quotient.experiments.study.Cells;
import org.quotient.experiments.study.Curves;
import org.quotient.experiments.study.Machine;
import org.quotient.experiments.study.Measure;
import org.quotient.experiments.study.Method;
import org.quotient.experiments.study.Outcome;
import org.quotient.experiments.study.Section;
import org.quotient.experiments.study.TunedTable;
import org.quotient.experiments.study.TunedTable.Column;

/** The page of the experiment. */
public final class PathCondPage {
    /** A mean training loss of an epoch by which methods are timed, less than half that of chance over ten classes. */
    private static final double LEARNED = 1;

    private final Results results;
    private final PathCondSettings settings;

    private PathCondPage(Results results) {
        this.results = results;
        this.settings = results.settings();
    }

    /** Page, plots and numbers. */
    public static ResultFolder of(Results results) throws IOException {
        PathCondPage page = new PathCondPage(results);
        ToyPage toy = new ToyPage(results.settings().toy(), results.toy());
        ResultFolder folder = new ResultFolder().add("README.md", page.text(toy));
        toy.draw(folder);
        for (Part part : page.drawn()) {
            page.section(part).draw(folder);
        }
        for (Kind kind : List.of(Kind.DEPTH, Kind.AUTOENCODER)) {
            folder.add(file(kind), page.sizes(kind));
        }
        return folder.json("results.json", results.thinned());
    }

    private Section section(Part part) {
        return Section.of(part.setting().contest(), results.tuned(part));
    }

    /** The networks that get curves of their own: of those by depth the first and the last. */
    private List<Part> drawn() {
        List<Part> depths = results.parts(Kind.DEPTH);
        List<Part> all = new ArrayList<>();
        all.add(depths.getFirst());
        if (depths.size() > 1) {
            all.add(depths.getLast());
        }
        all.addAll(results.parts(Kind.CONVOLUTIONS));
        return all;
    }

    private static String file(Kind kind) {
        return kind == Kind.DEPTH ? "depth.png" : "compression.png";
    }

    private String text(ToyPage toy) {
        String edges = results.parts().stream()
                .filter(p -> !results.tuned(p).atEdge().isEmpty())
                .map(p -> p.setting().contest().name() + " ("
                        + String.join("; ", results.tuned(p).atEdge()) + ")")
                .collect(Collectors.joining("; "));
        return """
                # Path-conditioned training

                Written by `experiments/run pathcond --data FOLDER`. Every run is in [results.json](results.json), with all digits in
                [runs.jsonl](runs.jsonl).

                The four experiments in the released code of Lebeurrier, Vayer and Gribonval 2026, small: path conditioning (PathCond) once,
                before gradient descent, against none and against equi-normalisation once (ENorm). The published ones use one rate, 1e-3, for all
                methods; a rescaling changes the speed at one rate. Here every method may choose its rate, among as many.

                - *PathCond* is the exact minimiser over all scales that keep the function as it is trained: with batch normalisation those of
                  its scale and shift against the next weights. *PathCond, 10 sweeps* stops as the published code does. *PathCond as published*,
                  on networks with batch normalisation, also moves what the published code moves: the weights before a
                  normalisation as if it were not there. That keeps the function at inference, not in training.
                - SGD without momentum or decay, constant rate, no augmentation, weights as PyTorch draws them unless said otherwise. Three seeds; every method begins
                  with the same draw of a seed and sees the same order of samples.
                - Pictures: %s. Digits: %s.%s Standardised by the training part.
                - The question is which method trains fast: of its rates each gets the one with the least training loss, the mean over the last
                  epoch, on one other seed. Grids were set after a first look at three or four epochs on
                  seed 0, and not changed after. The test part is looked at once, at the end of a reported run.
                - A run *diverged* if a loss was not finite, or the mean loss of its last epoch is above twice the first loss.
                - Machine: %s.

                **Deviations** from the released configurations: everything is smaller, as the sections say (of CIFAR-10 a part of training batches 1 and 2 of 5); rates tuned instead of 1e-3; fewer
                samples, epochs and units; ENorm exactly and once, instead of a stale cycle after every epoch that leaves out the last pair
                and biases. **Deferred**: PathCond on a schedule, the ResNet-18 of type C, and moons by width (two moons by depth
                are in [two-moons](../two-moons/README.md)).

                """.formatted(
                                settings.pictures().text(),
                                settings.digits().text(),
                                settings.halved() ? " All at half the resolution, means of 2 by 2 pixels." : "",
                                Machine.text())
                + summary()
                + toy.text()
                + depth()
                + convolutions()
                + autoencoders()
                + (edges.isEmpty()
                        ? ""
                        : "## Rates at the edge\n\nChosen at the edge of their grid, so that a better rate may lie beyond: "
                                + edges + ".\n");
    }

    private String summary() {
        StringBuilder out = new StringBuilder("## What one sees\n\n");
        for (Part part : results.parts()) {
            out.append("- ").append(section(part).always(Measure.trainLoss())).append('\n');
        }
        return out.append(
                        "\nOf methods that are alike one in four is ahead, or behind, on all of three seeds by chance.\n\n")
                .toString();
    }

    private String depth() {
        List<Part> parts = results.parts(Kind.DEPTH);
        Part first = parts.getFirst();
        StringBuilder out = new StringBuilder("""
                ## Dense layers with batch normalisation, by depth

                `%s` and deeper, no biases; %s. Published: 500 units, pictures at full resolution, output biases, 100 epochs, counting epochs
                to 99 %% training accuracy. Here: epochs until the mean training loss of one is below %s.

                """.formatted(
                first.setting().contest().network(), first.setting().contest().text(), Numbers.brief(LEARNED)));
        Table table = new Table(
                "hidden layers",
                "method",
                "rate",
                "training loss, last epoch",
                "epochs to there",
                "test error in %",
                "choosing runs that diverged");
        for (Part part : parts) {
            rows(table, part, true);
        }
        return out.append(table)
                .append("Mean ± standard deviation, or median (range), over seeds.\n\n")
                .append(pictures(parts.getFirst()))
                .append(parts.size() > 1 ? pictures(parts.getLast()) : "")
                .append("![Training loss against depth](depth.png)\n\n")
                .append(smallRate(parts))
                .append(reading(parts, Measure.trainLoss()))
                .append('\n')
                .toString();
    }

    private String convolutions() {
        StringBuilder out = new StringBuilder("""
                ## The fully convolutional network

                Published: 2.6 million parameters, two normalisations or none, batches of 128, 128 epochs. Here a sixteenth of the
                channels, normalisations behind all convolutions or none. Weights are drawn after He et al. 2015: in a first look with
                PyTorch's law, three epochs, the network without normalisation stayed at the loss of chance, 2.30, for all methods
                and rates from 3 to 0.01.

                """);
        for (Part part : results.parts(Kind.CONVOLUTIONS)) {
            Section section = section(part);
            out.append("`")
                    .append(part.setting().contest().network())
                    .append("`, ")
                    .append(part.parameters())
                    .append(" parameters; ")
                    .append(part.setting().contest().text())
                    .append(".\n\n")
                    .append(TunedTable.of(section.tuned(), Column.trainLoss(), Column.testError()))
                    .append(pictures(part))
                    .append(section.reading(Measure.trainLoss()))
                    .append(section.comparisons(Measure.testError()))
                    .append('\n');
        }
        return out.toString();
    }

    private String autoencoders() {
        List<Part> parts = results.parts(Kind.AUTOENCODER);
        Part first = parts.getFirst();
        Table table = new Table(
                "√(inputs/middle)",
                "method",
                "rate",
                "training loss, last epoch",
                "test loss",
                "choosing runs that diverged");
        for (Part part : parts) {
            rows(table, part, false);
        }
        Table scales = new Table("√(inputs/middle)", "network", "largest absolute log λ, exact", "ten sweeps");
        for (Part part : parts) {
            scales.add(
                    Numbers.two(part.setting().size()),
                    "`" + part.setting().contest().network() + "`",
                    Numbers.range(Spread.of(part.scales())),
                    Numbers.range(Spread.of(part.published())));
        }
        return """
                ## Auto-encoders, by compression

                `%s` and others, half the squared error, biases; %s. Published: 784 inputs, 500 epochs, three rates.
                The largest rate was set where in the first look the next one had diverged or not trained.

                """.formatted(
                                first.setting().contest().network(),
                                first.setting().contest().text())
                + table
                + scales
                + "Median (range) over seeds.\n\n![Training loss against compression](compression.png)\n\n"
                + smallRate(parts)
                + reading(parts, Measure.trainLoss())
                + "\n";
    }

    /** What a comparison at one rate, too small for all, would say. */
    private String smallRate(List<Part> parts) {
        List<Method> methods = results.tuned(parts.getFirst()).methods();
        List<String> headings = new ArrayList<>(List.of("network", "rate"));
        methods.forEach(m -> headings.add(m.name()));
        Table table = new Table(headings);
        for (Part part : parts) {
            List<String> cells = new ArrayList<>();
            cells.add(part.setting().contest().name());
            cells.add(Numbers.two(least(results.tuned(part).methods().getFirst())));
            for (Method method : results.tuned(part).methods()) {
                cells.add(Numbers.three(results.tuned(part).loss(method, least(method))));
            }
            table.add(cells);
        }
        return "For comparison, at the smallest rate of the grid, too small for most, training losses on the seeds of the choice:\n\n"
                + table;
    }

    private static double least(Method method) {
        return Spread.of(method.rates()).least();
    }

    private void rows(Table table, Part part, boolean classes) {
        Section section = section(part);
        for (Method method : section.tuned().methods()) {
            List<String> cells = new ArrayList<>(List.of(
                    method.equals(section.tuned().methods().getFirst())
                            ? Numbers.brief(part.setting().size())
                            : "",
                    method.name(),
                    Cells.rate(section.tuned().choice(method)),
                    Cells.range(section.tuned().runs(method), Outcome::trainLoss)));
            if (classes) {
                cells.add(learned(section, method));
                cells.add(Cells.testError(section.tuned().runs(method)));
            } else {
                cells.add(Cells.range(section.tuned().runs(method), Outcome::testLoss));
            }
            cells.add(section.tuned().choice(method).diverged() + " of "
                    + section.tuned().choice(method).runs());
            table.add(cells);
        }
    }

    /** The epochs until the training loss is low, or how many runs had come there. */
    private static String learned(Section section, Method method) {
        List<Double> epochs = section.tuned().runs(method).stream()
                .map(e -> epoch(e.outcome()))
                .toList();
        long never = epochs.stream().filter(e -> e.isInfinite()).count();
        if (never == epochs.size()) {
            return "not reached";
        }
        String some = Numbers.brief(Spread.of(epochs).median()) + " ("
                + Numbers.brief(Spread.of(epochs).least()) + " to "
                + Numbers.brief(Spread.of(epochs).most()) + ")";
        return never == 0 ? some : some + "; " + never + " of " + epochs.size() + " not";
    }

    private static double epoch(Outcome run) {
        for (int k = 0; k < run.epochs().size() && !run.diverged(); k++) {
            if (run.epochs().get(k).trainLoss() < LEARNED) {
                return k + 1.0;
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    private String pictures(Part part) {
        Section section = section(part);
        return section.picture("training-loss", "Training loss")
                + section.picture("rates", "Training loss against the learning rate");
    }

    /** Part by part: who is ahead of plain gradient descent, on how many seeds. */
    private String reading(List<Part> parts, Measure measure) {
        StringBuilder out = new StringBuilder();
        for (Part part : parts) {
            Section section = section(part);
            Method plain = section.tuned().methods().getFirst();
            out.append("- ")
                    .append(part.setting().contest().name())
                    .append(": ")
                    .append(section.tuned().order(measure))
                    .append(". Lower ")
                    .append(measure.name())
                    .append(" than ")
                    .append(plain.name())
                    .append(": ")
                    .append(section.tuned().methods().stream()
                            .filter(m -> !m.equals(plain))
                            .map(m -> m.name() + " on " + section.tuned().wins(m, plain, measure))
                            .collect(Collectors.joining("; ")))
                    .append(" of ")
                    .append(section.tuned().tuning().seeds().size())
                    .append(" seeds.\n");
        }
        return out.toString();
    }

    private byte[] sizes(Kind kind) throws IOException {
        Figure figure = new Figure(
                "Training loss of the last epoch, mean over seeds, "
                        + (kind == Kind.DEPTH ? "by depth" : "by compression"),
                kind == Kind.DEPTH ? "hidden layers" : "√(inputs/middle)",
                "training loss");
        List<Part> parts = results.parts(kind);
        List<Method> methods = results.tuned(parts.getFirst()).methods();
        for (int i = 0; i < methods.size(); i++) {
            Method method = methods.get(i);
            List<Double> x = new ArrayList<>();
            List<Double> y = new ArrayList<>();
            for (Part part : parts) {
                x.add(part.setting().size());
                y.add(Measure.trainLoss().mean(results.tuned(part).runs(method)));
            }
            Curves.line(figure, method.name(), i, x, y);
        }
        return figure.png();
    }
}
