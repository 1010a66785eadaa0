package org.quotient.proofs;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts the findings for one statement and keeps the smallest counterexample, which at the end gives way to simpler ones as long
 * as they are counterexamples too.
 */
final class Tally<I> {
    /** How many simpler instances are tried at most. */
    private static final int TRIES = 300;

    private final Instances<I> instances;
    private final Checker<I> checker;
    private final Map<String, Integer> missing = new TreeMap<>();
    private int proved;
    private int supported;
    private int refuted;
    private int failed;
    private String failure = "";
    private int total;
    private String example = "";
    private long exampleSize = -1;
    private @Nullable Drawn<I> smallest;
    private String how = "";

    Tally(Instances<I> instances, Checker<I> checker) {
        this.instances = instances;
        this.checker = checker;
    }

    void add(Drawn<I> drawn, Finding finding) {
        I instance = drawn.instance();
        total++;
        switch (finding) {
            case Finding.Proved p -> {
                proved++;
                largest(instance, p.evidence());
            }
            case Finding.Supported s -> {
                supported++;
                largest(instance, s.evidence());
            }
            case Finding.Refuted r -> {
                refuted++;
                if (smallest == null || instances.size(instance) < instances.size(smallest.instance())) {
                    smallest = drawn;
                    how = r.how();
                }
            }
            case Finding.NotApplicable n -> missing.merge(n.hypothesis(), 1, Integer::sum);
            case Finding.Failed f -> {
                failed++;
                failure = failure.isEmpty() ? instances.describe(instance) + ": " + f.message() : failure;
            }
        }
    }

    private void largest(I instance, String evidence) {
        if (instances.size(instance) > exampleSize) {
            exampleSize = instances.size(instance);
            example = instances.describe(instance) + ": " + evidence;
        }
    }

    Outcome.Result result(String statement) {
        return new Outcome.Result(statement, verdict(), total, failed, evidence(), counterexample());
    }

    private @Nullable String counterexample() {
        Drawn<I> best = smallest;
        if (best == null) {
            return null;
        }
        int tries = 0;
        for (boolean found = true; found; ) {
            found = false;
            Iterator<Drawn<I>> simpler = best.simpler().get().iterator();
            while (!found && tries < TRIES && simpler.hasNext()) {
                Drawn<I> candidate = simpler.next();
                tries++;
                if (instances.size(candidate.instance()) <= instances.size(best.instance())
                        && checker.check(candidate.instance()) instanceof Finding.Refuted r) {
                    best = candidate;
                    how = r.how();
                    found = true;
                }
            }
        }
        return instances.describe(best.instance()) + ": " + how;
    }

    private Verdict verdict() {
        if (refuted > 0) {
            return Verdict.REFUTED;
        }
        if (proved + supported == 0) {
            return Verdict.NOT_APPLICABLE;
        }
        return supported == 0 ? Verdict.PROVED : Verdict.SUPPORTED;
    }

    private String evidence() {
        List<String> parts = new ArrayList<>();
        count(parts, proved, "proved");
        count(parts, supported, "supported");
        count(parts, refuted, "refuted");
        missing.forEach((hypothesis, times) -> count(parts, times, "not applicable (fails: " + hypothesis + ")"));
        count(parts, failed, "broke off (" + failure + ")");
        String counts = total + " instances: " + String.join(", ", parts);
        return example.isEmpty() ? counts : counts + ". The largest: " + example;
    }

    private static void count(List<String> parts, int number, String what) {
        if (number > 0) {
            parts.add(number + " " + what);
        }
    }
}
