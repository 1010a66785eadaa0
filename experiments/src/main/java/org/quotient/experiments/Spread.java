package org.quotient.experiments;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Median and range of some numbers, or mean and standard deviation; a value per seed, say.
 *
 * @param values sorted; infinite where a run failed
 */
public record Spread(List<Double> values) {

    /** Sorts a copy. */
    public Spread {
        values = values.stream().sorted().toList();
        if (values.isEmpty() || values.stream().anyMatch(v -> Double.isNaN(v))) {
            throw new IllegalArgumentException("Expected at least one number and no NaN; given " + values);
        }
    }

    /** Of these numbers. */
    public static Spread of(Collection<Double> values) {
        return new Spread(List.copyOf(values));
    }

    /** Of these numbers. */
    public static Spread of(double... values) {
        return new Spread(Arrays.stream(values).boxed().toList());
    }

    /** The middle value, or the mean of the two middle ones. */
    public double median() {
        int n = values.size();
        double upper = values.get(n / 2);
        return n % 2 == 1 ? upper : (values.get(n / 2 - 1) + upper) / 2;
    }

    /** The smallest. */
    public double least() {
        return values.getFirst();
    }

    /** The largest. */
    public double most() {
        return values.getLast();
    }

    /** The mean. */
    public double mean() {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** The standard deviation of a sample (divided by n − 1); 0 for one number. */
    public double deviation() {
        double mean = mean();
        double squares =
                values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
        return values.size() < 2 ? 0 : Math.sqrt(squares / (values.size() - 1));
    }
}
