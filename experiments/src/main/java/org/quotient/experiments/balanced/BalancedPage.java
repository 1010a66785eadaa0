package org.quotient.experiments.balanced;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.quotient.experiments.Figure;
import org.quotient.experiments.Numbers;
import org.quotient.experiments.ResultFolder;
import org.quotient.experiments.Table;
import org.quotient.experiments.balanced.BalancedStudy.Results;
import org.quotient.experiments.study.Cells;
import org.quotient.experiments.study.Choice;
import org.quotient.experiments.study.Curves;
import org.quotient.experiments.study.Entry;
import org.quotient.experiments.study.Machine;
import org.quotient.experiments.study.Method;
import org.quotient.experiments.study.Outcome;

/** The page of the experiment. */
public final class BalancedPage {
    private final Results results;
    private final BalancedStudy.Settings settings;

    private BalancedPage(Results results) {
        this.results = results;
        this.settings = results.settings();
    }

    /** Page, plots and numbers. */
    public static ResultFolder of(Results results) throws IOException {
        BalancedPage page = new BalancedPage(results);
        return new ResultFolder()
                .add("README.md", page.text())
                .add("not-invariant.png", page.curves("Updates without the full invariance", false))
                .add("invariant.png", page.curves("Invariant updates", true))
                .add("difference.png", page.differences())
                .json("results.json", results);
    }

    private static boolean invariant(Method method) {
        return method.update().law().isInvariant();
    }

    private List<Entry> atBalancedRate(Method method, Start start) {
        return results.runs(
                method, start, results.choice(method, Start.BALANCED).rate());
    }

    /** The largest difference of recorded losses over all seeds. */
    private double difference(Method method, Start other) {
        List<Entry> here = atBalancedRate(method, Start.BALANCED);
        List<Entry> there = atBalancedRate(method, other);
        double most = 0;
        for (int i = 0; i < here.size(); i++) {
            most = Math.max(most, here.get(i).outcome().difference(there.get(i).outcome()));
        }
        return most;
    }

    private boolean bitwise(Method method) {
        List<String> here = bits(method, Start.BALANCED);
        return here.equals(bits(method, Start.POWERS_OF_TWO));
    }

    private List<String> bits(Method method, Start start) {
        return atBalancedRate(method, start).stream()
                .map(e -> e.outcome().bits())
                .toList();
    }

    private String text() {
        int rates = settings.methods().getFirst().rates().size();
        return """
                # Balanced and unbalanced starts

                Written by `experiments/run balanced --data FOLDER`. Every run is in [results.json](results.json), with all digits in
                [runs.jsonl](runs.jsonl).

                One function, three representatives: the weights as drawn; with units chosen at random (each with probability %s)
                scaled by λ = %s·c, c log-normal with standard deviation %s of its logarithm; and with every such λ rounded to a power of
                two. What enters a unit is multiplied by λ, what leaves it divided, so the network computes the same. After Neyshabur,
                Salakhutdinov and Srebro 2015, who scale 2000 of 8000 units.

                - Network: `%s`, %d parameters.
                - Data: %s. The test part is looked at once, at the end of each reported run.
                - Batches of %d, %d epochs, constant learning rate, cross-entropy, no decay, no dropout. Order of samples and weights
                  depend on the seed only.
                - Every method may try %d rates, √10 apart, from each start, on seeds %s; the one with the least median of the last
                  validation losses is taken. Reported seeds: %s.
                - Grids were widened, and the seeds of the choice made three, after full runs, tests included, had been seen: some rates
                  had been at an edge of their grid, and one seed was not enough for momentum.
                - A run *diverged* if a loss was not finite, or the mean loss of its last epoch is above twice the first loss.
                - Machine: %s.

                ## One rate, two starts

                The rate is the one chosen from the **balanced** start. The difference is the largest, over seeds and recorded steps (every
                %s), between the losses on the same batch of the run from the balanced and of the run from the other start; a
                loss at the start is about 2.3. "Bit for bit" compares a checksum of all losses and validation scores with those from
                the start scaled by powers of two.

                """.formatted(
                                Numbers.brief(settings.unbalance().fraction()),
                                Numbers.brief(settings.unbalance().factor()),
                                Numbers.brief(settings.unbalance().spread()),
                                results.network(),
                                results.parameters(),
                                settings.data().text(),
                                settings.batch(),
                                settings.epochs(),
                                rates,
                                Numbers.list(settings.choosing()),
                                Numbers.list(settings.seeds()),
                                Machine.text(),
                                settings.every() == 1 ? "step" : settings.every() + " steps")
                + oneRate()
                + """
                ![Training losses of updates that are not invariant](not-invariant.png)

                Lines: from the unbalanced start; faint: from the balanced one. Means over the seeds that did not diverge; no line where
                all did, and no point above 100.

                ![Training losses of invariant updates](invariant.png)

                ![Differences of losses](difference.png)

                Differences of exactly 0 have no place on this axis and are left out.

                ## Does another rate help?

                Rates chosen from the **unbalanced** start, as many as before.

                """
                + ownRate()
                + "## What one sees\n\n"
                + new BalancedReading(results, this::difference, this::bitwise).text();
    }

    private String oneRate() {
        Table table = new Table(
                "method",
                "law",
                "rate",
                "test error in %, balanced",
                "unbalanced",
                "difference of losses, unbalanced",
                "powers of two",
                "bit for bit");
        for (Method method : settings.methods()) {
            table.add(
                    method.text(),
                    invariant(method) ? "invariant" : "not invariant",
                    Cells.rate(results.choice(method, Start.BALANCED)),
                    Cells.testError(atBalancedRate(method, Start.BALANCED)),
                    Cells.testError(atBalancedRate(method, Start.UNBALANCED)),
                    Numbers.two(difference(method, Start.UNBALANCED)),
                    Numbers.two(difference(method, Start.POWERS_OF_TWO)),
                    bitwise(method) ? "yes" : "no");
        }
        return table.toString();
    }

    private String ownRate() {
        Table table = new Table(
                "method",
                "rates",
                "rate, balanced",
                "rate, unbalanced",
                "test error in %, balanced",
                "unbalanced",
                "choosing runs that diverged, balanced",
                "unbalanced");
        for (Method method : settings.methods()) {
            Choice balanced = results.choice(method, Start.BALANCED);
            Choice unbalanced = results.choice(method, Start.UNBALANCED);
            table.add(
                    method.name(),
                    Cells.grid(method),
                    Cells.rate(balanced),
                    Cells.rate(unbalanced),
                    Cells.testError(results.runs(method, Start.BALANCED, balanced.rate())),
                    Cells.testError(results.runs(method, Start.UNBALANCED, unbalanced.rate())),
                    balanced.diverged() + " of " + balanced.runs(),
                    unbalanced.diverged() + " of " + unbalanced.runs());
        }
        return table.toString();
    }

    private byte[] curves(String title, boolean invariant) throws IOException {
        Figure figure = new Figure(title, "epoch", "training loss").logarithmic(false, true);
        List<Method> shown = settings.methods().stream()
                .filter(m -> invariant(m) == invariant)
                .toList();
        for (int i = 0; i < shown.size(); i++) {
            Curves.epochs(figure, "", i, atBalancedRate(shown.get(i), Start.BALANCED), Outcome.Epoch::trainLoss);
            Curves.epochs(
                    figure,
                    shown.get(i).name(),
                    i,
                    atBalancedRate(shown.get(i), Start.UNBALANCED),
                    Outcome.Epoch::trainLoss);
        }
        return figure.png();
    }

    /** Of the first seed, invariant updates only: what rounding becomes. */
    private byte[] differences() throws IOException {
        Figure figure = new Figure(
                        "Loss from the unbalanced start against the balanced one, seed "
                                + settings.seeds().getFirst(),
                        "step",
                        "absolute difference")
                .logarithmic(false, true);
        int colour = 0;
        for (Method method : settings.methods()) {
            if (!invariant(method)) {
                continue;
            }
            List<Double> here =
                    atBalancedRate(method, Start.BALANCED).getFirst().outcome().losses();
            List<Double> there = atBalancedRate(method, Start.UNBALANCED)
                    .getFirst()
                    .outcome()
                    .losses();
            List<Double> x = new ArrayList<>();
            List<Double> y = new ArrayList<>();
            for (int k = 0; k < Math.min(here.size(), there.size()); k++) {
                x.add((double) k * settings.every());
                y.add(Math.abs(here.get(k) - there.get(k)));
            }
            Curves.line(figure, method.name(), colour++, x, y);
        }
        return figure.png();
    }
}
