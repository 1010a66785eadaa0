package org.quotient.experiments.gsgdmlp;

import java.io.IOException;
import org.quotient.experiments.Numbers;
import org.quotient.experiments.ResultFolder;
import org.quotient.experiments.gsgdmlp.GsgdStudy.Results;
import org.quotient.experiments.study.Cells;
import org.quotient.experiments.study.Machine;
import org.quotient.experiments.study.Measure;
import org.quotient.experiments.study.Method;
import org.quotient.experiments.study.Tuned;
import org.quotient.experiments.study.TunedFigures;
import org.quotient.experiments.study.TunedTable;
import org.quotient.experiments.study.TunedTable.Column;

/** The page of the experiment. */
public final class GsgdPage {
    private final Results results;
    private final GsgdStudy.Settings settings;
    private final Tuned tuned;

    private GsgdPage(Results results) {
        this.results = results;
        this.settings = results.settings();
        this.tuned = results.tuned();
    }

    /** Page, plots and numbers. */
    public static ResultFolder of(Results results) throws IOException {
        GsgdPage page = new GsgdPage(results);
        // Short enough for all to have a place in a legend.
        TunedFigures figures = new TunedFigures(page.tuned, name -> name.replace(" start", ""));
        return new ResultFolder()
                .add("README.md", page.text())
                .add("training-loss.png", figures.trainingLoss("Training loss, mean over seeds"))
                .add("validation-error.png", figures.validationError("Validation error, mean over seeds"))
                .add("rates.png", figures.rates("Choosing rates: median of the last validation loss"))
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
                                Numbers.list(settings.choosing()),
                                Numbers.list(settings.seeds()),
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

    private String table() {
        return TunedTable.of(
                tuned,
                Column.trainLoss(),
                Column.testError(),
                new Column(
                        "validation error after epoch 1 in %",
                        runs -> Cells.deviation(
                                runs, o -> 100 * (1 - o.epochs().getFirst().validationAccuracy()), 1)));
    }

    private String reading() {
        Measure measure = Measure.testError();
        StringBuilder out = new StringBuilder("- By mean test error, least first: ")
                .append(tuned.order(measure))
                .append(" (diverged runs count as 90 %).\n");
        Method plain = settings.methods().getFirst();
        for (Method method : settings.methods()) {
            if (!method.equals(plain)) {
                out.append("- ").append(tuned.against(method, plain, measure)).append('\n');
            }
        }
        settings.methods().stream()
                .filter(m -> !m.start().isEmpty())
                .forEach(ablation -> settings.methods().stream()
                        .filter(m -> m.optimizer().equals(ablation.start()))
                        .forEach(published -> out.append("- The ablation: ")
                                .append(tuned.against(published, ablation, measure))
                                .append('\n')));
        return out.toString();
    }
}
