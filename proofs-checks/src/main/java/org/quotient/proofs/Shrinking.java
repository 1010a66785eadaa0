package org.quotient.proofs;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Simpler lists of decisions: shorter ones, then those of the same length that are less where they first differ. */
final class Shrinking {
    private Shrinking() {}

    /** Whether one list is simpler than another. */
    static boolean simpler(List<Integer> a, List<Integer> b) {
        if (a.size() != b.size()) {
            return a.size() < b.size();
        }
        for (int i = 0; i < a.size(); i++) {
            int order = Integer.compare(a.get(i), b.get(i));
            if (order != 0) {
                return order < 0;
            }
        }
        return false;
    }

    /**
     * Lists to try in place of one: without some decisions, with some at 0, with one made smaller, and with one made smaller and a
     * later one left out, as where a number is followed by so many others.
     */
    static Stream<List<Integer>> candidates(List<Integer> decisions) {
        int n = decisions.size();
        int largest = Integer.highestOneBit(Math.max(1, n));
        List<Integer> blocks = new ArrayList<>();
        for (int block = largest; block >= 1; block /= 2) {
            blocks.add(block);
        }
        Stream<List<Integer>> shorter = blocks.stream()
                .flatMap(block -> starts(n, block).map(from -> {
                    List<Integer> rest = new ArrayList<>(decisions.subList(0, from));
                    rest.addAll(decisions.subList(Math.min(n, from + block), n));
                    return rest;
                }));
        Stream<List<Integer>> simplest = blocks.stream()
                .flatMap(block -> starts(n, block)
                        .filter(from -> decisions.subList(from, Math.min(n, from + block)).stream()
                                .anyMatch(d -> d != 0))
                        .map(from -> with(decisions, from, Math.min(n, from + block), 0)));
        Stream<List<Integer>> smaller = IntStream.range(0, n)
                .boxed()
                .filter(i -> decisions.get(i) > 1)
                .flatMap(i -> Stream.of(decisions.get(i) / 2, decisions.get(i) - 1)
                        .distinct()
                        .map(value -> with(decisions, i, i + 1, value)));
        Stream<List<Integer>> fewer = IntStream.range(0, n)
                .boxed()
                .filter(i -> decisions.get(i) > 0)
                .flatMap(i -> IntStream.range(i + 1, n).mapToObj(j -> {
                    List<Integer> changed = with(decisions, i, i + 1, decisions.get(i) - 1);
                    changed.remove(j);
                    return changed;
                }));
        return Stream.of(shorter, simplest, smaller, fewer).flatMap(s -> s);
    }

    private static Stream<Integer> starts(int n, int block) {
        return IntStream.iterate(0, from -> from < n, from -> from + block).boxed();
    }

    private static List<Integer> with(List<Integer> decisions, int from, int to, int value) {
        List<Integer> changed = new ArrayList<>(decisions);
        for (int i = from; i < to; i++) {
            changed.set(i, value);
        }
        return changed;
    }
}
