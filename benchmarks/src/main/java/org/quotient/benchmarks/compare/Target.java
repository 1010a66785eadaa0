package org.quotient.benchmarks.compare;

import java.util.Optional;

/**
 * What a row of the table is to reach.
 *
 * @param text in words
 * @param ratio the least ratio of the fastest peer's time to ours; 0 if none
 * @param seconds the longest time of ours; infinity if none
 * @param against the peer that the ratio is judged by; the fastest one if empty
 */
record Target(String text, double ratio, double seconds, Optional<String> against) {
    /** At least so many times the speed of the fastest peer. */
    static Target speed(double ratio) {
        return new Target("at least " + ratio + "x", ratio, Double.POSITIVE_INFINITY, Optional.empty());
    }

    /** At least so many times the speed of one peer. */
    static Target speed(double ratio, String against) {
        return new Target(
                "at least " + ratio + "x of " + against, ratio, Double.POSITIVE_INFINITY, Optional.of(against));
    }

    /** The same and a longest time of ours. */
    Target under(double limit, String inWords) {
        return new Target((text.isEmpty() ? "" : text + " and ") + "under " + inWords, ratio, limit, against);
    }

    /** At most so many times the cost of something else of ours. */
    static Target cost(double factor, String of) {
        return new Target(
                "at most " + factor + "x the cost of " + of, 1 / factor, Double.POSITIVE_INFINITY, Optional.empty());
    }

    /** No ratio. */
    static Target time() {
        return new Target("", 0, Double.POSITIVE_INFINITY, Optional.empty());
    }

    /** What came out. */
    enum Verdict {
        /** The estimate reaches the target. */
        REACHED("reached"),
        /** It does not, but the interval does. */
        WITHIN_NOISE("within noise"),
        /** It does not. */
        MISSED("missed"),
        /** There is nothing to judge it by. */
        NOT_JUDGED("not judged"),
        /** The contenders did not compute the same. */
        DIFFERENT("different results");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        /** In words. */
        String words() {
            return words;
        }
    }

    /** Judges a time of ours and a ratio. */
    Verdict judge(Statistics.Estimate time, Optional<Statistics.Estimate> against) {
        if (ratio > 0 && against.isEmpty()) {
            return Verdict.NOT_JUDGED;
        }
        boolean reached =
                time.value() <= seconds && against.map(r -> r.value() >= ratio).orElse(true);
        boolean possible =
                time.low() <= seconds && against.map(r -> r.high() >= ratio).orElse(true);
        return reached ? Verdict.REACHED : possible ? Verdict.WITHIN_NOISE : Verdict.MISSED;
    }
}
