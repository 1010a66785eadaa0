package org.quotient.autodiff.network;

import java.util.List;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/** The distribution that the elements of a parameter or buffer are drawn from, independently. */
public sealed interface Law {

    /**
     * Every element is the same number.
     *
     * @param value the number
     */
    record Fixed(double value) implements Law {}

    /**
     * Uniform on [−bound, bound).
     *
     * @param bound positive
     */
    record Uniform(double bound) implements Law {}

    /**
     * Normal with mean 0.
     *
     * @param deviation its standard deviation, positive
     */
    record Normal(double deviation) implements Law {}

    /**
     * One of the listed numbers, each equally often.
     *
     * @param values at least one
     */
    record Among(List<Double> values) implements Law {
        /** Checks that there is a value. */
        public Among {
            values = List.copyOf(values);
            if (values.isEmpty()) {
                throw new IllegalArgumentException("A law needs at least one value to choose among; given none");
            }
        }
    }

    /** The mean of an element. */
    default double mean() {
        return switch (this) {
            case Fixed f -> f.value();
            case Uniform u -> 0;
            case Normal n -> 0;
            case Among a -> moment(a, 1);
        };
    }

    /** The variance of an element. */
    default double variance() {
        return switch (this) {
            case Fixed f -> 0;
            case Uniform u -> u.bound() * u.bound() / 3;
            case Normal n -> n.deviation() * n.deviation();
            case Among a -> moment(a, 2) - moment(a, 1) * moment(a, 1);
        };
    }

    private static double moment(Among law, int order) {
        return law.values().stream().mapToDouble(v -> Math.pow(v, order)).sum()
                / law.values().size();
    }

    /**
     * A tensor whose element i (row-major) is a function of (stream, i) alone.
     *
     * @param shape bound
     * @param dtype what the values are rounded to
     * @param stream where randomness comes from
     * @return the values
     */
    default Tensor draw(Shape shape, DType dtype, CounterRandom stream) {
        return switch (this) {
            case Fixed f -> Tensor.fill(shape, dtype, i -> f.value());
            case Uniform u -> Tensor.fill(shape, dtype, i -> u.bound() * (2 * stream.uniform(i) - 1));
            case Normal n -> Tensor.fill(shape, dtype, i -> n.deviation() * stream.normal(i));
            case Among a ->
                Tensor.fill(
                        shape,
                        dtype,
                        i -> a.values().get(stream.below(i, a.values().size())));
        };
    }
}
