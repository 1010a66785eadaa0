package org.quotient.experiments.dimension;

import java.io.IOException;
import java.util.List;
import org.quotient.experiments.ResultFolder;
import org.quotient.experiments.Table;
import org.quotient.experiments.dimension.LawsStudy.Count;
import org.quotient.experiments.dimension.LawsStudy.Results;

/** The page of the experiment. */
public final class LawsPage {
    private LawsPage() {}

    /** Page and numbers. */
    public static ResultFolder of(Results results) throws IOException {
        return new ResultFolder().add("README.md", text(results)).json("results.json", results);
    }

    private static String text(Results results) {
        Table named = table(results.named());
        return """
                # Conservation laws of gradient flow, counted

                Written by `experiments/run conservation-laws`. Every count is in [results.json](results.json).

                A function of the weights is conserved by gradient flow for all data and losses if its gradient is orthogonal to the Lie algebra
                that the gradients of the lifting generate; where the dimension of the algebra is constant there are D − dim of them
                (Marcotte, Gribonval and Peyré 2023). The algebra is closed here under brackets of polynomial fields at random weights modulo two
                primes, so the number of laws is an upper bound; where the rescaling group gives as many it is *proved*.

                ## Random networks

                Published: D − dim Lie is the number of known laws for each of 50 random ReLU networks (2 to 4 layers, widths 2 to 9, biases at
                random) and 50 linear ones (widths 2 to 5), in a notebook. Here %d ReLU networks of 2 to %d layers with widths 2 to %d, biases
                for about half of them, and as many pairs of linear layers of widths up to %d.

                - ReLU: D − dim Lie = H, the number of hidden units, for %d of %d, with D from %d to %d; proved for %d.
                - Linear: the number for UᵀU − VᵀV, r(r + 1)/2 or less where r exceeds n + m, for %d of %d. Rescaling alone gives r of these
                  laws, so here the number is an upper bound.

                ## The published table

                """.formatted(
                                results.settings().networks(),
                                results.settings().depth(),
                                results.settings().width(),
                                results.settings().width(),
                                right(results.relu()),
                                results.relu().size(),
                                results.relu().stream()
                                        .mapToInt(Count::parameters)
                                        .min()
                                        .orElse(0),
                                results.relu().stream()
                                        .mapToInt(Count::parameters)
                                        .max()
                                        .orElse(0),
                                proved(results.relu()),
                                right(results.linear()),
                                results.linear().size())
                + named
                + """
                *Known* are laws that the rescaling group gives; with momentum, and for polynomials without a network, none are known
                beforehand. With momentum the space is that of time, weights and velocities, 2·D + 1. Decay θ̇ = −∇L − λθ changes no number:
                each law h becomes h(θ·e^∫λ).
                """;
    }

    private static long right(List<Count> counts) {
        return counts.stream().filter(c -> c.laws() == c.expected()).count();
    }

    private static long proved(List<Count> counts) {
        return counts.stream().filter(Count::proved).count();
    }

    private static Table table(List<Count> counts) {
        Table table = new Table("what", "published", "D", "dim Lie", "D − dim Lie", "known", "");
        for (Count c : counts) {
            table.add(
                    c.text(),
                    c.expected(),
                    c.parameters(),
                    c.closure(),
                    c.laws() + (c.laws() == c.expected() ? "" : " (differs)"),
                    c.known(),
                    c.proved() ? "proved" : "upper bound");
        }
        return table;
    }
}
