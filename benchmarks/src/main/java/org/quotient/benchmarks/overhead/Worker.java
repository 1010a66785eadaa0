package org.quotient.benchmarks.overhead;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.quotient.autodiff.program.Cost;

/** A process that measures some pairs of one row and writes them to its standard output: see {@link Processes}. */
public final class Worker {
    private Worker() {}

    /**
     * Measures.
     *
     * @param arguments the row's id, then the numbers of {@link Pairs} in their order
     */
    public static void main(String[] arguments) {
        List<String> given = List.of(arguments);
        OverheadRow row = OverheadRow.all().stream()
                .filter(r -> r.id().equals(given.getFirst()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No row '" + given.getFirst() + "'"));
        int[] numbers = given.subList(1, given.size() - 1).stream()
                .mapToInt(Integer::parseInt)
                .toArray();
        Pairs pairs =
                new Pairs(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], Long.parseLong(given.getLast()));
        write(pairs.measure(row), new PrintStream(System.out, true, StandardCharsets.UTF_8));
    }

    /** A line for each cost, then one for each pair; numbers as they are, without rounding. */
    static void write(OverheadResult result, PrintStream to) {
        for (Cost cost : List.of(result.ownCost(), result.baseCost())) {
            to.println(cost.flops() + " " + cost.bytes() + " " + cost.instructions());
        }
        for (int i = 0; i < result.own().length; i++) {
            to.println(result.own()[i] + " " + result.base()[i]);
        }
    }

    /** The inverse of {@link #write}. */
    static OverheadResult read(OverheadRow row, List<String> lines) {
        double[] own = new double[lines.size() - 2];
        double[] base = new double[own.length];
        for (int i = 0; i < own.length; i++) {
            String[] pair = lines.get(i + 2).split(" ", -1);
            own[i] = Double.parseDouble(pair[0]);
            base[i] = Double.parseDouble(pair[1]);
        }
        return new OverheadResult(row, own, base, new int[] {own.length}, cost(lines.get(0)), cost(lines.get(1)));
    }

    private static Cost cost(String line) {
        String[] numbers = line.split(" ", -1);
        return new Cost(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Integer.parseInt(numbers[2]));
    }
}
