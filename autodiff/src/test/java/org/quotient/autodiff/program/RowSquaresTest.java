package org.quotient.autodiff.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
                        Arguments.of(dtype, 40, 600, 707),
                        Arguments.of(dtype, 1050, 1100, 300),
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

    @ParameterizedTest(name = "{0} {1} samples, {2} units of {3} inputs")
    @MethodSource("sizes")
    @DisplayName(
            "for what a product makes of a variable: right, and the same bits in every run on any number of threads")
    void ofWhatIsMade(DType dtype, int samples, int units, int inputs) {
        Expr x = Expr.input("x", dtype, Shape.of(samples, inputs));
        Expr d = Expr.input("d", dtype, Shape.of(samples, units));
        Expr w = Expr.parameter("w", dtype, Shape.of(units, inputs));
        Expr sum = w.minus(Ops.einsum("bn,bk->nk", d, x));
        Expr squares = sum.times(sum).sum(1);
        Program program = Program.builder()
                .update(w, sum)
                .output(squares)
                .output(sum.sum(0))
                .build();
        assertThat(program.listing(-1)).contains("added, and squares");
        CounterRandom random = CounterRandom.seeded(units);
        Map<String, Tensor> given = Map.of(
                "x", Tensor.fill(Shape.of(samples, inputs), dtype, random.split("x")::normal),
                "d", Tensor.fill(Shape.of(samples, units), dtype, random.split("d")::normal),
                "w", Tensor.fill(Shape.of(units, inputs), dtype, random.split("w")::normal));
        List<Tensor> first = new ArrayList<>();
        for (int threads = 1; threads <= 2; threads++) {
            try (Session session = program.session(threads)) {
                given.forEach(session::set);
                for (int run = 0; run < 30; run++) {
                    session.set("w", java.util.Objects.requireNonNull(given.get("w")));
                    session.run();
                    if (first.isEmpty()) {
                        first.addAll(List.of(session.output(0), session.get("w")));
                    }
                    assertThat(session.output(0).sameBits(first.get(0)))
                            .as("run " + run + " on " + threads)
                            .isTrue();
                    assertThat(session.get("w").sameBits(first.get(1))).isTrue();
                }
            }
        }
        double error = dtype == DType.F64 ? 1e-13 : 1e-5;
        for (int i = 0; i < units; i++) {
            double exact = 0;
            for (int j = 0; j < inputs; j++) {
                double made = first.get(1).get(i * inputs + j);
                exact += made * made;
            }
            assertThat(first.get(0).get(i)).isCloseTo(exact, org.assertj.core.api.Assertions.within(error * exact));
        }
    }
}
