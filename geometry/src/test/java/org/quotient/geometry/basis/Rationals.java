package org.quotient.geometry.basis;

import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/** Fractions written as text, such as "3/4", as doubles or as residues. */
final class Rationals {
    private Rationals() {}

    static double[] of(Numbers.@Nullable PrimeField field, String numbers) {
        return Arrays.stream(numbers.trim().split("\\s+"))
                .mapToDouble(text -> one(field, text))
                .toArray();
    }

    static Tensor tensor(Numbers.@Nullable PrimeField field, Shape shape, String numbers) {
        return Tensor.of(shape, DType.F64, of(field, numbers));
    }

    private static double one(Numbers.@Nullable PrimeField field, String text) {
        String[] parts = text.split("/");
        BigInteger above = new BigInteger(parts[0]);
        BigInteger below = parts.length == 1 ? BigInteger.ONE : new BigInteger(parts[1]);
        if (field == null) {
            return new java.math.BigDecimal(above)
                    .divide(new java.math.BigDecimal(below), java.math.MathContext.DECIMAL128)
                    .doubleValue();
        }
        BigInteger p = BigInteger.valueOf(field.p());
        return above.multiply(below.modInverse(p)).mod(p).doubleValue();
    }
}
