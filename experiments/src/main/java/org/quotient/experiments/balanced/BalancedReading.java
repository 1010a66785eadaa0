package org.quotient.experiments.balanced;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleBiFunction;
import org.quotient.experiments.Numbers;
import org.quotient.experiments.balanced.BalancedStudy.Results;
import org.quotient.experiments.study.Cells;
import org.quotient.experiments.study.Method;

/**
 * What the tables say, in words that follow their numbers.
 *
 * @param results all runs
 * @param difference the largest difference of losses from a start to those from the balanced one
 * @param bitwise whether powers of two gave the same bits
 */
record BalancedReading(Results results, ToDoubleBiFunction<Method, Start> difference, Predicate<Method> bitwise) {
    /** Up to here two curves lie on each other in any plot. */
    private static final double SAME = 1e-6;

    /** Differences of mean test errors, in per cent, below this are not worth a word. */
    private static final double POINT = 1;

    String text() {
        List<String> same = new ArrayList<>();
        List<String> apart = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        List<String> exact = new ArrayList<>();
        for (Method method : results.settings().methods()) {
            double most = difference.applyAsDouble(method, Start.UNBALANCED);
            boolean declared = method.update().law().isInvariant();
            (most <= SAME ? same : declared ? broken : apart).add(method.name());
            if (bitwise.test(method)) {
                exact.add(method.name());
            }
        }
        StringBuilder out = new StringBuilder();
        out.append("- Identical curves from both starts (losses within " + Numbers.brief(SAME) + "): ")
                .append(names(same))
                .append(".\n- Bit for bit the same from a start scaled by powers of two: ")
                .append(names(exact))
                .append(".\n- Different curves, as their law allows: ")
                .append(names(apart))
                .append(".\n");
        if (!broken.isEmpty()) {
            out.append("- Declared invariant, but rounding grew above " + Numbers.brief(SAME) + ": ")
                    .append(names(broken))
                    .append(". Training amplifies last bits; the table has by how much.\n");
        }
        for (Method method : results.settings().methods()) {
            if (!method.update().law().isInvariant()) {
                out.append(falls(method));
            }
        }
        return out.toString();
    }

    private String falls(Method method) {
        double rate = results.choice(method, Start.BALANCED).rate();
        double own = results.choice(method, Start.UNBALANCED).rate();
        double balanced = 100 * Cells.meanError(results.runs(method, Start.BALANCED, rate));
        double kept = 100 * Cells.meanError(results.runs(method, Start.UNBALANCED, rate));
        double tuned = 100 * Cells.meanError(results.runs(method, Start.UNBALANCED, own));
        return "- " + method.name() + ": mean test error " + Numbers.fixed(balanced, 1) + " % balanced, "
                + Numbers.fixed(kept, 1) + " % unbalanced at that rate, " + Numbers.fixed(tuned, 1)
                + " % at a rate tuned for it (diverged runs count as 90 %)"
                + (Math.min(kept, tuned) - balanced > POINT
                        ? ": the rate chosen for it does not make up for the start.\n"
                        : kept - balanced > POINT
                                ? ": a rate of its own makes up for the start.\n"
                                : ": the start does it no harm.\n");
    }

    private static String names(List<String> all) {
        return all.isEmpty() ? "none" : String.join(", ", all);
    }
}
