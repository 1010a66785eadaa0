package org.quotient.proofs.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;
import org.quotient.geometry.functional.pattern.ExactValues;

/** Graphs over the rationals. */
class RationalsTest {
    private static final Expr IMAGE = Expr.parameter("image", DType.F64, Shape.of(1, 1, 2, 2));
    private static final Expr KERNEL = Expr.parameter("kernel", DType.F64, Shape.of(1, 1, 2, 2));

    private static ExactValues fractions(Shape shape, BigFraction... numbers) {
        return ExactValues.constant(shape, numbers);
    }

    private static BigFraction fraction(long numerator, long denominator) {
        return new BigFraction(numerator, denominator);
    }

    @Test
    @DisplayName("a convolution of thirds and of numbers beyond 2^53 is exact")
    void convolution() {
        Expr y = Ops.conv2d(IMAGE, KERNEL, Window.square(2, 1, 0), 1);
        BigFraction large = new BigFraction(BigInteger.ONE.shiftLeft(70).add(BigInteger.ONE));
        ExactValues image = fractions(
                IMAGE.shape(),
                fraction(1, 3),
                large,
                fraction(-2, 7),
                large.negate().add(1));
        ExactValues kernel = fractions(KERNEL.shape(), fraction(3, 1), large, fraction(7, 2), large);
        BigFraction[] found = Rationals.evaluate(List.of(y), Map.of("image", image, "kernel", kernel))
                .getFirst()
                .numbers();
        // 1 + l² − 1 + (1 − l)·l = l
        assertThat(found).containsExactly(large);
    }

    @Test
    @DisplayName("derivatives of a small convolutional loss agree with doubles where these are exact")
    void derivatives() {
        Expr padded = Ops.conv2d(IMAGE, KERNEL, Window.square(2, 1, 1), 1);
        Expr loss = Ops.sum(padded.times(padded).over(Ops.fullLike(padded, 4)));
        List<Expr> gradients = Differentiation.gradient(loss, List.of(IMAGE, KERNEL));
        Map<String, Tensor> point = Map.of(
                "image", Tensor.of(IMAGE.shape(), 1, -2, 3, 0.5),
                "kernel", Tensor.of(KERNEL.shape(), 2, 1, -1, 4));
        List<Tensor> rounded = Evaluator.evaluate(gradients, point);
        List<ExactValues> exact = Rationals.evaluate(gradients, ExactNumbers.of(point));
        for (int k = 0; k < rounded.size(); k++) {
            assertThat(Arrays.stream(exact.get(k).numbers()).mapToDouble(BigFraction::doubleValue))
                    .containsExactly(
                            Arrays.stream(rounded.get(k).data()).boxed().toArray(Double[]::new));
        }
    }
}
