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
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

@DisplayName("A program gives the same bits however often it has run, so whatever the machine has compiled")
class SameBitsTest {
    private static final int RUNS = 15_000;
    private static final int N = 1_003;

    static Stream<Arguments> cases() {
        return Stream.of(DType.values())
                .flatMap(dtype ->
                        Stream.of("sum", "EXP", "LOG", "TANH", "SIGMOID").map(what -> Arguments.of(dtype, what)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    @DisplayName("sums and transcendental functions")
    void same(DType dtype, String what) {
        Expr x = Expr.input("x", dtype, Shape.of(N));
        Expr value = what.equals("sum") ? x.sum() : Expr.of(new Op.Unary(Op.UnaryKind.valueOf(what)), x);
        CounterRandom random = CounterRandom.seeded(1);
        try (Session session = Program.of(value).session()) {
            session.set("x", Tensor.fill(Shape.of(N), dtype, i -> random.uniform(i) + 0.01));
            session.run();
            Tensor first = session.output(0);
            for (int run = 1; run < RUNS; run++) {
                session.run();
                if (run % 100 == 0) {
                    assertThat(session.output(0).sameBits(first))
                            .as("run " + run)
                            .isTrue();
                }
            }
        }
    }
}
