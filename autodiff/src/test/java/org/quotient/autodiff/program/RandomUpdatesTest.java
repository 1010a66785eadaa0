package org.quotient.autodiff.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

@DisplayName("Random programs that update several variables, which read one another and share values, do what they say")
class RandomUpdatesTest {
    private static final int PROGRAMS = 250;
    private static final List<String> VARIABLES = List.of("u", "v", "w");

    private final SplittableRandom random = new SplittableRandom(7);
    private Shape shape = Shape.of(1, 1);

    private Expr pick(List<Expr> nodes) {
        // Recent values more often, so that programs become deep.
        int from = random.nextInt(3) == 0 ? 0 : Math.max(0, nodes.size() - 4);
        return nodes.get(random.nextInt(from, nodes.size()));
    }

    private Expr alongRows(Expr matrix, int axis) {
        return Expr.of(new Op.Broadcast(shape, List.of(axis)), matrix.sum(1 - axis));
    }

    /** One more value from those that there are; none grows beyond a few powers of ten. */
    private Expr next(List<Expr> nodes) {
        Expr x = pick(nodes);
        Expr y = pick(nodes);
        double tame = 1.0 / shape.size(0);
        return switch (random.nextInt(10)) {
            case 0 -> x.plus(y);
            case 1 -> x.minus(y);
            case 2 -> Ops.tanh(x).times(y);
            case 3 -> Ops.transpose(x, 1, 0);
            case 4 -> x.plus(Ops.einsum("bn,bk->nk", Ops.tanh(x), Ops.tanh(y)).times(tame));
            case 5 ->
                x.minus(Ops.einsum("nb,bk->nk", Ops.tanh(y), Ops.tanh(pick(nodes)))
                        .times(tame));
            case 6 -> x.times(alongRows(Ops.tanh(y), 0).times(tame));
            case 7 -> x.plus(alongRows(Ops.tanh(y), 1).times(tame));
            case 8 -> x.over(alongRows(y.times(y), 0).plus(1));
            default -> Ops.relu(x).plus(y.times(0.5));
        };
    }

    @ParameterizedTest(name = "matrices of {0} by {0}")
    @ValueSource(ints = {3, 15, 190})
    @DisplayName("in one run and in a second one after it, on one thread and on two")
    void asTheInterpreter(int n) {
        shape = Shape.of(n, n);
        int programs = n > 100 ? PROGRAMS / 10 : PROGRAMS;
        for (int p = 0; p < programs; p++) {
            List<Expr> nodes = new ArrayList<>(List.of(Expr.input("x", DType.F64, shape)));
            VARIABLES.forEach(name -> nodes.add(Expr.parameter(name, DType.F64, shape)));
            int size = random.nextInt(4, 12);
            IntStream.range(0, size).forEach(i -> nodes.add(next(nodes)));
            Map<String, Expr> updates = new LinkedHashMap<>();
            for (String name : VARIABLES) {
                if (random.nextInt(4) > 0) {
                    updates.put(name, next(nodes));
                }
            }
            List<Expr> outputs = random.nextBoolean() || updates.isEmpty() ? List.of(pick(nodes)) : List.of();
            check(outputs, updates, p);
        }
    }

    private void check(List<Expr> outputs, Map<String, Expr> updates, int p) {
        Program.Builder builder = Program.builder();
        outputs.forEach(builder::output);
        updates.forEach((name, value) -> builder.update(Expr.parameter(name, DType.F64, shape), value));
        Program program = builder.build();
        List<Expr> all = new ArrayList<>(outputs);
        all.addAll(updates.values());
        Map<String, Tensor> values = new LinkedHashMap<>();
        for (String name : program.variables().keySet()) {
            values.put(
                    name, Tensor.fill(shape, DType.F64, CounterRandom.seeded(p).split(name)::normal));
        }
        try (Session one = program.session(1);
                Session two = program.session(2)) {
            for (Session session : List.of(one, two)) {
                values.forEach(session::set);
                Map<String, Tensor> now = new LinkedHashMap<>(values);
                for (int run = 0; run < 2; run++) {
                    List<Tensor> expected = Evaluator.evaluate(all, now, 0);
                    session.run();
                    for (int i = 0; i < all.size(); i++) {
                        String name = i < outputs.size()
                                ? "output"
                                : List.copyOf(updates.keySet()).get(i - outputs.size());
                        Tensor found = i < outputs.size() ? session.output(i) : session.get(name);
                        assertThat(difference(found, expected.get(i)))
                                .as(() -> name + " of program " + updates + " " + outputs + "\n" + program.listing(-1))
                                .isLessThan(1e-9);
                        if (i >= outputs.size()) {
                            now.put(name, found);
                        }
                    }
                }
            }
        }
    }

    private static double difference(Tensor a, Tensor b) {
        return IntStream.range(0, a.size())
                .mapToDouble(i -> Math.abs(a.get(i) - b.get(i)) / (1 + Math.abs(b.get(i))))
                .max()
                .orElse(0);
    }
}
