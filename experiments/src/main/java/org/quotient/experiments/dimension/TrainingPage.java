package org.quotient.experiments.dimension;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.quotient.experiments.Figure;
import org.quotient.experiments.Numbers;
import org.quotient.experiments.ResultFolder;
import org.quotient.experiments.Spread;
import org.quotient.experiments.Table;
import org.quotient.experiments.dimension.TrainingStudy.Caveats;
import org.quotient.experiments.dimension.TrainingStudy.Moment;
import org.quotient.experiments.dimension.TrainingStudy.Results;
import org.quotient.experiments.dimension.TrainingStudy.Settings;
import org.quotient.geometry.functional.LocalIdentifiability;

/** The page of the experiment. */
public final class TrainingPage {
    private static final List<String> SETS = List.of(TrainingStudy.TRAIN, TrainingStudy.TEST, TrainingStudy.RANDOM);

    private final Results results;
    private final Settings settings;

    private TrainingPage(Results results) {
        this.results = results;
        this.settings = results.settings();
    }

    /** Page, plot and numbers. */
    public static ResultFolder of(Results results) throws IOException {
        TrainingPage page = new TrainingPage(results);
        return new ResultFolder()
                .add("README.md", page.text())
                .add("ranks.png", page.figure())
                .json("results.json", results);
    }

    private int bound() {
        return results.parameters() - results.units();
    }

    private String widths() {
        return String.join("-", settings.hidden().stream().map(String::valueOf).toList());
    }

    private String text() {
        return """
                # Functional dimension while a network learns

                Written by `experiments/run dimension-training`. Every rank is in [results.json](results.json).

                Bona-Pellissier, Malgouyres and Bachoc 2024 train 784-30-30-30-10 on 600 pictures of MNIST by SGD (rate 0.1, batch
                256) and take the rank of the Jacobian on the training pictures, 2,000 test pictures and 2,000 random inputs at epochs 40, 80, 280
                and 680. Claim: the batch functional dimension falls while the network learns; their first moment is
                epoch 40, when much has been learned.

                - Here: digits made on the spot, 8 by 8 pixels, %d to train and as many to test; hidden layers %s,
                  D = %d parameters, H = %d hidden units, D − H = %d. SGD, rate %s, batches of %d, cross-entropy, weights by
                  PyTorch's law, single precision. Seeds %s.
                - Ranks are exact: masks decided exactly at the trained weights, elimination modulo a prime. Points: %d training samples, as
                  many test samples and as many N(0, I) inputs (inputs are standardised). Outputs are logits.
                - Deviations: smaller pictures and layers, fewer epochs, so that the whole takes minutes; the same command line takes
                  such ranks of any training, `train --metric functional-dimension:every=10,on=test`.

                ![Ranks on three sets of points](ranks.png)

                """.formatted(
                                settings.samples(),
                                widths(),
                                results.parameters(),
                                results.units(),
                                bound(),
                                Numbers.brief(settings.rate()),
                                settings.batch(),
                                Numbers.list(settings.seeds()),
                                settings.samples())
                + ranks()
                + reading()
                + """
                ## Do the data determine the weights?

                Conditions C_S (R_Γ = D − H: yes, up to rescaling, near θ) and C_N (R_Γ < R_A, or C_S; if it fails, no) of
                Bona-Pellissier, Malgouyres and Bachoc 2022 from the first %d training samples, so R_Γ ≤ %d. R_Γ is the rank of the Jacobian,
                R_A that of the map from path products to outputs.

                """.formatted(settings.conditionPoints(), settings.conditionPoints() * results.outputs())
                + conditions()
                + caveats();
    }

    private List<Spread> of(int moment, String set) {
        List<Double> ranks = new ArrayList<>();
        List<Double> upper = new ArrayList<>();
        results.runs()
                .forEach(run -> run.moments().get(moment).ranks().stream()
                        .filter(r -> r.set().equals(set))
                        .forEach(r -> {
                            ranks.add((double) r.rank());
                            upper.add((double) r.upper());
                        }));
        return List.of(Spread.of(ranks), Spread.of(upper));
    }

    private static String range(Spread s) {
        String least = Numbers.fixed(s.least(), 0);
        String most = Numbers.fixed(s.most(), 0);
        return least.equals(most) ? least : least + " to " + most;
    }

    private String ranks() {
        Table table =
                new Table("epoch", "test accuracy", "training", "at most", "test", "at most", "random", "at most");
        for (int k = 0; k < settings.epochs().size(); k++) {
            int moment = k;
            List<String> row = new ArrayList<>();
            row.add(String.valueOf(settings.epochs().get(k)));
            row.add(
                    k == 0
                            ? "–"
                            : Numbers.fixed(
                                            Spread.of(results.runs().stream()
                                                            .map(r -> 100
                                                                    * r.moments()
                                                                            .get(moment)
                                                                            .accuracy())
                                                            .toList())
                                                    .mean(),
                                            1)
                                    + " %");
            for (String set : SETS) {
                List<Spread> both = of(k, set);
                row.add(range(both.get(0)));
                row.add(range(both.get(1)));
            }
            table.add(row);
        }
        return table + "Ranges over seeds. *At most*: what is proved from above for points of that kind: D − H less "
                + settings.hidden().getFirst()
                + " for each dimension of the input space that the points do not span; "
                + results.constantInputs() + " of the pixels never change in the training samples.\n\n";
    }

    private String reading() {
        StringBuilder out = new StringBuilder();
        for (String set : SETS) {
            int top = 0;
            for (int k = 1; k < settings.epochs().size(); k++) {
                top = of(k, set).getFirst().mean() > of(top, set).getFirst().mean() ? k : top;
            }
            out.append("- On ")
                    .append(set)
                    .append(" points the mean rank is ")
                    .append(mean(0, set))
                    .append(" at the start, highest at epoch ")
                    .append(settings.epochs().get(top))
                    .append(" with ")
                    .append(mean(top, set))
                    .append(", and ")
                    .append(mean(settings.epochs().size() - 1, set))
                    .append(" at the end. Seeds for which it is lower at the end than at the start: ")
                    .append(fell(0, set))
                    .append(", than at its highest: ")
                    .append(fell(top, set))
                    .append(", of ")
                    .append(results.runs().size())
                    .append(".\n");
        }
        return out.append('\n').toString();
    }

    private String mean(int moment, String set) {
        return Numbers.fixed(of(moment, set).getFirst().mean(), 0);
    }

    private long fell(int since, String set) {
        return results.runs().stream()
                .filter(r -> rank(r.moments().getLast(), set) < rank(r.moments().get(since), set))
                .count();
    }

    private static int rank(Moment moment, String set) {
        return moment.ranks().stream()
                .filter(r -> r.set().equals(set))
                .findFirst()
                .orElseThrow()
                .rank();
    }

    private String conditions() {
        Table table = new Table("seed", "epoch", "R_Γ", "R_A", "D − H", "verdict");
        results.runs().forEach(run -> {
            for (Moment m : run.moments()) {
                LocalIdentifiability c = m.conditions();
                table.add(
                        m == run.moments().getFirst() ? String.valueOf(run.seed()) : "",
                        m.epoch(),
                        c.jacobianRank(),
                        c.pathRank(),
                        c.dimension(),
                        switch (c.verdict()) {
                            case IDENTIFIABLE -> "determined";
                            case NOT_IDENTIFIABLE -> "not determined: C_N fails";
                            case UNDECIDED -> "undecided";
                        });
            }
        });
        return table.toString();
    }

    private String caveats() {
        Caveats c = results.caveats();
        int last = settings.hidden().getLast();
        Table caps = new Table("samples", "rows", "rank", "D − H");
        for (int i = 0; i < c.prefixes().size(); i++) {
            int n = settings.prefixes().get(i);
            caps.add(n, n * results.outputs(), c.prefixes().get(i).rank(), bound());
        }
        Table floats = new Table("entries", "tolerance for", "exact rank", "bound", "counted", "gap");
        for (FloatCase f : results.floats()) {
            floats.add(
                    f.entries(),
                    f.tolerance(),
                    f.exact(),
                    f.bound(),
                    f.rank() + (f.rank() > f.bound() ? " (impossible)" : ""),
                    Double.isInfinite(f.gap()) ? "none" : Numbers.two(f.gap()));
        }
        return """
                ## Three faults of the published numbers, each by itself

                1. **Single precision with the tolerance of double.** The published program keeps gradients of single precision in an array
                   of double precision, and the tolerance σ_max·max(m, D)·ε takes ε from the array. Rounding errors are then counted. On
                   a %s network and %d normal points:

                """.formatted(FloatCase.TEXT, settings.floating())
                + floats
                + """
                2. **Softmax.** With softmax outputs a common shift of the last layer changes nothing: %d dimensions fewer than D − H, for
                   n_{d−1} + 1 = %d (31 in the published network, whose "identifiable" number 25,630 should be 25,599). At the end of the first run, on
                   the training samples: rank %d of the logits, %d of their softmax; what the architecture allows is %d and %d.
                3. **Too few rows.** m samples give at most m·n_d rows: 600 samples cap the published rank at 6,000 and 2,000 at 20,000,
                   both below 25,630, so reaching the number was out of the question on any set. Here, on the first samples of the training part at
                   the end of the first run:

                """.formatted(
                                last + 1,
                                last + 1,
                                c.logits().rank(),
                                c.softmax().rank(),
                                c.logits().bound(),
                                c.softmax().bound())
                + caps;
    }

    private byte[] figure() throws IOException {
        Figure figure = new Figure("Rank of the Jacobian, mean over seeds", "epoch", "rank");
        List<Double> x = settings.epochs().stream().map(Integer::doubleValue).toList();
        figure.line("D − H", 0, x, x.stream().map(e -> (double) bound()).toList(), false);
        for (int s = 0; s < SETS.size(); s++) {
            String set = SETS.get(s);
            List<Double> means = new ArrayList<>();
            for (int k = 0; k < x.size(); k++) {
                means.add(of(k, set).getFirst().mean());
            }
            figure.line(set, s + 1, x, means, true);
        }
        return figure.png();
    }
}
