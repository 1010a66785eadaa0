package org.quotient.proofs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts the findings for one statement and keeps the smallest counterexample. */
final class Tally<I> {
    private final Instances<I> instances;
    private final Map<String, Integer> missing = new TreeMap<>();
    private int proved;
    private int supported;
    private int refuted;
    private int total;
    private String example = "";
    private long exampleSize = -1;
    private @Nullable String counterexample;
    private long counterexampleSize = Long.MAX_VALUE;

    Tally(Instances<I> instances) {
        this.instances = instances;
    }

    void add(I instance, Finding finding) {
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
                if (instances.size(instance) < counterexampleSize) {
                    counterexampleSize = instances.size(instance);
                    counterexample = instances.describe(instance) + ": " + r.how();
                }
            }
            case Finding.NotApplicable n -> missing.merge(n.hypothesis(), 1, Integer::sum);
        }
    }

    private void largest(I instance, String evidence) {
        if (instances.size(instance) > exampleSize) {
            exampleSize = instances.size(instance);
            example = instances.describe(instance) + ": " + evidence;
        }
    }

    Outcome.Result result(String statement) {
        return new Outcome.Result(statement, verdict(), total, evidence(), counterexample);
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
        String counts = total + " instances: " + String.join(", ", parts);
        return example.isEmpty() ? counts : counts + ". The largest: " + example;
    }

    private static void count(List<String> parts, int number, String what) {
        if (number > 0) {
            parts.add(number + " " + what);
        }
    }
}
