package org.quotient.autodiff.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

@DisplayName("Sums of squares made by a product on its way are those of a pass of their own, bit for bit")
class RowSquaresTest {
    static Stream<Arguments> sizes() {
        return Stream.of(DType.values())
                .flatMap(dtype -> Stream.of(
                        // Rows that stay in the cache, rows too long or too short for that, few rows, odd numbers.
                        Arguments.of(dtype, 64, 256, 784),
                        Arguments.of(dtype, 64, 37, 2_000),
                        Arguments.of(dtype, 33, 50, 60),
                        Arguments.of(dtype, 5, 131, 129),
                        Arguments.of(dtype, 300, 7, 128)));
    }

    @ParameterizedTest(name = "{0} {1} samples, {2} units of {3} inputs")
    @MethodSource("sizes")
    @DisplayName("for products of any size")
    void sameBits(DType dtype, int samples, int units, int inputs) {
        Expr x = Expr.input("x", dtype, Shape.of(samples, inputs));
        Expr w = Expr.input("w", dtype, Shape.of(units, inputs));
        Expr product = Ops.einsum("bk,nk->bn", x, w);
        Expr squares = w.times(w).sum(1);
        Program both = Program.of(product, squares);
        assertThat(both.listing(-1)).contains("and squares");
        for (int threads = 1; threads <= 2; threads++) {
            try (Session together = both.session(threads);
                    Session alone = Program.of(squares).session();
                    Session plain = Program.of(product).session()) {
                CounterRandom random = CounterRandom.seeded(inputs);
                Tensor a = Tensor.fill(Shape.of(samples, inputs), dtype, random::normal);
                Tensor b = Tensor.fill(Shape.of(units, inputs), dtype, random.split("w")::normal);
                together.set("x", a);
                together.set("w", b);
                alone.set("w", b);
                plain.set("x", a);
                plain.set("w", b);
                for (int run = 0; run < 30; run++) {
                    together.run();
                    alone.run();
                    plain.run();
                    assertThat(together.output(0).sameBits(plain.output(0))).isTrue();
                    assertThat(together.output(1).sameBits(alone.output(0))).isTrue();
                }
                double sum = 0;
                for (int k = 0; k < inputs; k++) {
                    sum += b.get(k) * b.get(k);
                }
                assertThat(together.output(1).get(0))
                        .isCloseTo(sum, org.assertj.core.api.Assertions.within(1e-4 * sum));
            }
        }
    }
}
