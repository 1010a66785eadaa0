package org.quotient.experiments.gsgdmlp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.quotient.experiments.Figure;
import org.quotient.experiments.Numbers;
import org.quotient.experiments.ResultFolder;
import org.quotient.experiments.Table;
import org.quotient.experiments.gsgdmlp.GsgdStudy.Results;
import org.quotient.experiments.study.Cells;
import org.quotient.experiments.study.Choice;
import org.quotient.experiments.study.Curves;
import org.quotient.experiments.study.Entry;
import org.quotient.experiments.study.Machine;
import org.quotient.experiments.study.Method;
import org.quotient.experiments.study.Outcome;

/** The page of the experiment. */
public final class GsgdPage {
    private final Results results;
    private final GsgdStudy.Settings settings;

    private GsgdPage(Results results) {
        this.results = results;
        this.settings = results.settings();
    }

    /** Page, plots and numbers. */
    public static ResultFolder of(Results results) throws IOException {
        GsgdPage page = new GsgdPage(results);
        return new ResultFolder()
                .add("README.md", page.text())
                .add("training-loss.png", page.trainingLoss())
                .add("validation-error.png", page.validationError())
                .add("rates.png", page.rates())
                .json("results.json", results);
    }

    private String text() {
        double share = 100.0 * results.hiddenUnits() / results.parameters();
        return """
                # G-SGD on a narrow network: the update or the start?

                Written by `experiments/run g-sgd-mlp --data FOLDER`. Every run is in [results.json](results.json), with all digits in
                [runs.jsonl](runs.jsonl).

                The released code of G-SGD (Meng et al., ICLR 2019) trains a network of five layers without biases on MNIST, with the
                weights of a skeleton set to 1 at the start. That start is another function than the drawn one, near the identity from
                layer to layer. So there are two changes at once, the update and the start; here each is also made alone.
                With a *kept* start G-SGD begins at the drawn weights. Then a derivative by the value of a path is one by a weight, divided
                by the other weights of the skeleton on that path: drawn ones are small, and so are the rates that do not diverge.

                - Network: `%s`, %d parameters, %d of which (%s %%) are of no effect modulo rescaling.
                - Data: %s. The test part is looked at once, at the end of each reported run.
                - Batches of %d, %d epochs, learning rate times %s after every epoch, cross-entropy, no momentum, no decay.
                - Every method may try %d rates, √10 apart, on seeds %s; the one with the least median of the last validation losses is
                  taken. Where a grid lies was found by a first look at losses: in path coordinates rates have other units. Reported
                  seeds: %s.
                - The seeds of the choice were made three after a first full run, tests included, had been seen with one: there the
                  ablation was given another rate and did worse.
                - A run *diverged* if a loss was not finite, or the mean loss of its last epoch is above twice the first loss.
                - Machine: %s.

                **Deviations** from the released protocol: %d epochs instead of 300, %d training samples instead of 60,000, a
                validation part, rates tuned per method instead of 0.1, several seeds instead of one, our guard against changes of
                sign (0.1). Its numbers, 97.64 %% accuracy for G-SGD and 97.37 %% for SGD, one seed each, are therefore no reference
                for these.

                ## Results

                """.formatted(
                                results.network(),
                                results.parameters(),
                                results.hiddenUnits(),
                                Numbers.two(share),
                                settings.data().text(),
                                settings.batch(),
                                settings.epochs(),
                                Numbers.fixed(settings.gamma(), 4),
                                settings.methods().getFirst().rates().size(),
                                list(settings.choosing()),
                                list(settings.seeds()),
                                Machine.text(),
                                settings.epochs(),
                                settings.data().train())
                + table()
                + """
                Mean ± standard deviation, or median (range), over seeds.

                ![Training loss](training-loss.png)

                ![Validation error](validation-error.png)

                ![Validation loss against the learning rate](rates.png)

                A point that is missing is a rate at which most runs diverged; the curves above leave such runs out.

                ## What one sees

                """
                + reading();
    }

    private static String list(List<Long> numbers) {
        return String.join(", ", numbers.stream().map(String::valueOf).toList());
    }

    private String table() {
        Table table = new Table(
                "method",
                "rates",
                "rate",
                "training loss, last epoch",
                "test error in %",
                "validation error after epoch 1 in %",
                "choosing runs that diverged");
        for (Method method : settings.methods()) {
            Choice choice = results.choice(method);
            List<Entry> runs = results.runs(method);
            table.add(
                    method.name() + " (`" + method.optimizer() + "`"
                            + (method.start().isEmpty() ? ")" : " from the start of `" + method.start() + "`)"),
                    Cells.grid(method),
                    Cells.rate(choice),
                    Cells.range(runs, Outcome::trainLoss),
                    Cells.testError(runs),
                    Cells.deviation(runs, o -> 100 * (1 - o.epochs().getFirst().validationAccuracy()), 1),
                    choice.diverged() + " of " + choice.runs());
        }
        return table.toString();
    }

    private String reading() {
        List<Method> order = settings.methods().stream()
                .sorted(Comparator.comparingDouble(m -> Cells.meanError(results.runs(m))))
                .toList();
        StringBuilder out = new StringBuilder("- By mean test error, least first: ")
                .append(String.join(
                        ", ",
                        order.stream()
                                .map(m -> m.name() + " " + Numbers.fixed(100 * Cells.meanError(results.runs(m)), 2)
                                        + " %")
                                .toList()))
                .append(" (diverged runs count as 90 %).\n");
        Method plain = settings.methods().getFirst();
        for (Method method : settings.methods()) {
            if (!method.equals(plain)) {
                out.append("- ").append(against(method, plain)).append('\n');
            }
        }
        settings.methods().stream()
                .filter(m -> !m.start().isEmpty())
                .forEach(ablation -> settings.methods().stream()
                        .filter(m -> m.optimizer().equals(ablation.start()))
                        .forEach(published -> out.append("- The ablation: ")
                                .append(against(published, ablation))
                                .append('\n')));
        return out.toString();
    }

    /** Seed by seed: both begin with the same draw and see the same order of samples. */
    private String against(Method method, Method other) {
        List<Entry> mine = results.runs(method);
        List<Entry> theirs = results.runs(other);
        int wins = 0;
        for (int i = 0; i < mine.size(); i++) {
            double a = Cells.meanError(List.of(mine.get(i)));
            double b = Cells.meanError(List.of(theirs.get(i)));
            wins += a < b ? 1 : 0;
        }
        return method.name() + " against " + other.name() + ": lower test error on " + wins + " of " + mine.size()
                + " seeds, difference of means "
                + Numbers.fixed(100 * (Cells.meanError(mine) - Cells.meanError(theirs)), 2) + " points.";
    }

    /** Short enough for all to have a place in a legend. */
    private static String label(Method method) {
        return method.name().replace(" start", "");
    }

    private byte[] trainingLoss() throws IOException {
        Figure figure = new Figure("Training loss, mean over seeds", "epoch", "training loss").logarithmic(false, true);
        for (int i = 0; i < settings.methods().size(); i++) {
            Method method = settings.methods().get(i);
            for (Entry run : results.runs(method)) {
                Curves.epochs(figure, "", i, List.of(run), Outcome.Epoch::trainLoss);
            }
            Curves.epochs(figure, label(method), i, results.runs(method), Outcome.Epoch::trainLoss);
        }
        return figure.png();
    }

    private byte[] validationError() throws IOException {
        Figure figure = new Figure("Validation error, mean over seeds", "epoch", "error in %").logarithmic(false, true);
        for (int i = 0; i < settings.methods().size(); i++) {
            Curves.epochs(
                    figure,
                    label(settings.methods().get(i)),
                    i,
                    results.runs(settings.methods().get(i)),
                    e -> 100 * (1 - e.validationAccuracy()));
        }
        return figure.png();
    }

    private byte[] rates() throws IOException {
        Figure figure = new Figure(
                        "Choosing rates: median of the last validation loss",
                        "learning rate / chosen rate",
                        "validation loss")
                .logarithmic(true, true);
        for (int i = 0; i < settings.methods().size(); i++) {
            Method method = settings.methods().get(i);
            List<Double> x = new ArrayList<>();
            List<Double> y = new ArrayList<>();
            for (double rate : method.rates().stream().sorted().toList()) {
                x.add(rate / results.choice(method).rate());
                y.add(Choice.median(results.entries(), method, "", "", rate));
            }
            Curves.line(figure, label(method), i, x, y);
        }
        return figure.png();
    }
}
