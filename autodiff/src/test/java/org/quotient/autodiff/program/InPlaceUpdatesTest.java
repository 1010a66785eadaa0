package org.quotient.autodiff.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/** Updates that are computed where the variable lies give what the expressions say. */
class InPlaceUpdatesTest {
    private static final int N = 9;

    /** Variables of an update of a matrix of some size. */
    private record Setting(DType dtype, int m, int n) {
        Expr w() {
            return Expr.parameter("w", dtype, Shape.of(m, n));
        }

        Expr product() {
            return Ops.einsum("no,ni->oi", input("a", Shape.N, m), input("b", Shape.N, n));
        }

        Expr input(String name, int... sizes) {
            return Expr.input(name, dtype, Shape.of(sizes));
        }

        Expr rows() {
            return Expr.of(new Op.Broadcast(Shape.of(m, n), List.of(0)), input("r", m));
        }

        Expr columns() {
            return Expr.of(new Op.Broadcast(Shape.of(m, n), List.of(1)), input("c", n));
        }

        Map<String, Tensor> values() {
            CounterRandom random = CounterRandom.seeded(3);
            Map<String, Tensor> values = new HashMap<>();
            values.put("w", Tensor.fill(Shape.of(m, n), dtype, random.split("w")::normal));
            values.put("a", Tensor.fill(Shape.of(N, m), dtype, random.split("a")::normal));
            values.put("b", Tensor.fill(Shape.of(N, n), dtype, random.split("b")::normal));
            values.put("r", Tensor.fill(Shape.of(m), dtype, random.split("r")::normal));
            values.put("c", Tensor.fill(Shape.of(n), dtype, random.split("c")::normal));
            return values;
        }

        double tolerance() {
            return dtype == DType.F64 ? 1e-11 : 1e-3;
        }
    }

    private static Program program(Expr w, Expr next, Expr... outputs) {
        Program.Builder build = Program.builder().update(w, next);
        List.of(outputs).forEach(build::output);
        return build.build();
    }

    private static double[] run(Program program, Map<String, Tensor> values, int threads) {
        try (Session session = program.session(threads)) {
            program.variables()
                    .keySet()
                    .forEach(name -> session.set(name, java.util.Objects.requireNonNull(values.get(name))));
            for (int i = 0; i < 3; i++) {
                session.set("w", java.util.Objects.requireNonNull(values.get("w")));
                session.run();
            }
            return session.get("w").data();
        }
    }

    private static double[] expected(Expr next, Map<String, Tensor> values) {
        return Evaluator.evaluate(List.of(next), values).getFirst().data();
    }

    @ParameterizedTest
    @CsvSource({"F64,5,7", "F64,70,130", "F64,301,33", "F64,8,500", "F32,70,130", "F32,301,33", "F32,130,700"})
    void rowsAndColumnsAreScaledBeforeAProductIsAdded(DType dtype, int m, int n) {
        Setting s = new Setting(dtype, m, n);
        List<Expr> forms = List.of(
                s.w().times(s.rows()).plus(s.product()),
                s.w().times(s.columns()).minus(s.product()),
                s.w().times(s.rows()).times(s.columns()).minus(s.product().times(0.25)),
                s.product().plus(s.columns().times(s.w()).times(s.rows())));
        for (Expr next : forms) {
            Program program = program(s.w(), next);
            assertThat(program.listing(N)).contains("added to what is scaled").doesNotContain("chain");
            assertThat(run(program, s.values(), 1)).containsExactly(expected(next, s.values()), within(s.tolerance()));
            assertThat(run(program, s.values(), 2)).containsExactly(run(program, s.values(), 1));
        }
    }

    @ParameterizedTest
    @CsvSource({"F64,5,7", "F64,70,130", "F64,301,33", "F64,8,500", "F32,70,130", "F32,301,33", "F32,130,700"})
    void rowsAndColumnsOfASumAreScaledAsItIsMade(DType dtype, int m, int n) {
        Setting s = new Setting(dtype, m, n);
        List<Expr> forms = List.of(
                s.w().plus(s.product()).times(s.rows()),
                s.columns().times(s.w().minus(s.product())),
                s.w().minus(s.product().times(0.25)).times(s.rows()).times(s.columns()),
                s.columns().times(s.product().plus(s.w()).times(s.rows())));
        for (Expr next : forms) {
            Program program = program(s.w(), next);
            assertThat(program.listing(N)).contains("added, then scaled").doesNotContain("chain");
            assertThat(run(program, s.values(), 1)).containsExactly(expected(next, s.values()), within(s.tolerance()));
            assertThat(run(program, s.values(), 2)).containsExactly(run(program, s.values(), 1));
        }
        // What is scaled on both sides of the sum, or needed before it is scaled, is not made in one pass.
        Expr both = s.w().times(s.rows()).plus(s.product()).times(s.columns());
        Expr sum = s.w().plus(s.product());
        Expr next = sum.times(s.rows());
        for (Program program : List.of(program(s.w(), both), program(s.w(), next, sum.sum(0)))) {
            assertThat(program.listing(N)).doesNotContain("then scaled");
        }
        assertThat(run(program(s.w(), both), s.values(), 1))
                .containsExactly(expected(both, s.values()), within(s.tolerance()));
        assertThat(run(program(s.w(), next, sum.sum(0)), s.values(), 1))
                .containsExactly(expected(next, s.values()), within(s.tolerance()));
    }

    @ParameterizedTest
    @CsvSource({"F64,5,7", "F64,301,33", "F32,130,700"})
    void numbersKnownAtRunTimeTakeTheSignOfADifference(DType dtype, int m, int n) {
        Setting s = new Setting(dtype, m, n);
        Expr v = Expr.parameter("v", dtype, Shape.of(m, n));
        Expr eta = s.input("eta");
        Expr mu = s.input("mu");
        Expr minus = s.w().minus(s.product().times(mu).times(eta));
        Expr other = v.minus(Ops.einsum("no,ni->oi", s.input("a", Shape.N, m), s.input("d", Shape.N, n))
                .times(eta));
        Map<String, Tensor> values = s.values();
        values.put("v", Tensor.fill(Shape.of(m, n), dtype, CounterRandom.seeded(8)::normal));
        values.put("d", Tensor.fill(Shape.of(N, n), dtype, CounterRandom.seeded(9)::normal));
        values.put("eta", Tensor.of(Shape.SCALAR, dtype, 0.3));
        values.put("mu", Tensor.of(Shape.SCALAR, dtype, -1.5));
        Program program =
                Program.builder().update(s.w(), minus).update(v, other).build();
        // One sign for both, in a pass over one number.
        assertThat(program.listing(N).split("chain 1 neg", -1)).hasSize(2);
        try (Session session = program.session(2)) {
            program.variables()
                    .keySet()
                    .forEach(name -> session.set(name, java.util.Objects.requireNonNull(values.get(name))));
            session.run();
            assertThat(session.get("w").data()).containsExactly(expected(minus, values), within(s.tolerance()));
            assertThat(session.get("v").data()).containsExactly(expected(other, values), within(s.tolerance()));
        }
    }

    @ParameterizedTest
    @CsvSource({"F64,5", "F64,70", "F64,380", "F32,70"})
    void productsAndFactorsOfTheVariableItselfReadItsOldValue(DType dtype, int n) {
        Shape shape = Shape.of(n, n);
        Expr w = Expr.parameter("w", dtype, shape);
        Expr a = Expr.input("a", dtype, shape);
        Expr b = Expr.input("b", dtype, shape);
        Expr row = Expr.of(
                new Op.Broadcast(shape, List.of(1)), Ops.slice(w, 0, 2, 3).reshape(n));
        Expr column = Expr.of(
                new Op.Broadcast(shape, List.of(0)), Ops.slice(w, 1, 2, 3).reshape(n));
        Expr product = Ops.einsum("ij,jk->ik", a, b).times(0.1);
        List<Expr> forms = List.of(
                w.minus(Ops.einsum("ij,jk->ik", a, w).times(0.1)),
                w.plus(Ops.einsum("ij,jk->ik", w, b).times(0.1)),
                w.minus(Ops.einsum("ij,kj->ik", w, w).times(0.1)),
                w.plus(Ops.einsum("ij,kj->ik", b, w).times(0.1))
                        .times(Expr.of(new Op.Broadcast(shape, List.of(0)), Expr.input("r", dtype, Shape.of(n)))),
                w.times(row).plus(product),
                w.minus(product).times(row),
                w.minus(product).times(column));
        Map<String, Tensor> values = new HashMap<>();
        for (String name : List.of("w", "a", "b")) {
            values.put(name, Tensor.fill(shape, dtype, CounterRandom.seeded(5).split(name)::normal));
        }
        values.put("r", Tensor.fill(Shape.of(n), dtype, CounterRandom.seeded(6)::normal));
        for (Expr next : forms) {
            assertThat(run(program(w, next), values, 1))
                    .containsExactly(expected(next, values), within(dtype == DType.F64 ? 1e-10 : 1e-2));
        }
    }

    @ParameterizedTest
    @CsvSource({"5,false", "5,true", "70,false", "70,true"})
    void productsOfOtherVariablesReadTheirOldValues(int n, boolean first) {
        Shape shape = Shape.of(n, n);
        Expr w = Expr.parameter("w", DType.F64, shape);
        Expr v = Expr.parameter("v", DType.F64, shape);
        Expr eta = Expr.parameter("eta", DType.F64, Shape.SCALAR);
        Expr a = Expr.input("a", DType.F64, shape);
        Expr byOther = w.minus(Ops.einsum("ij,jk->ik", a, v).times(0.1));
        Expr byNumber = w.minus(Ops.einsum("ij,jk->ik", a, a).times(eta));
        Map<String, Tensor> values = new HashMap<>();
        for (String name : List.of("w", "v", "a")) {
            values.put(
                    name, Tensor.fill(shape, DType.F64, CounterRandom.seeded(7).split(name)::normal));
        }
        values.put("eta", Tensor.of(Shape.SCALAR, DType.F64, 0.3));
        for (Expr next : List.of(byOther, byNumber)) {
            for (Expr other : List.of(
                    v.times(2), v.minus(Ops.einsum("ij,jk->ik", a, w)), v.minus(Ops.einsum("ij,jk->ik", a, a)))) {
                Program.Builder build = Program.builder().update(eta, eta.times(0.9));
                build = first
                        ? build.update(w, next).update(v, other)
                        : build.update(v, other).update(w, next);
                Program program = build.build();
                try (Session session = program.session()) {
                    program.variables()
                            .keySet()
                            .forEach(name -> session.set(name, java.util.Objects.requireNonNull(values.get(name))));
                    session.run();
                    assertThat(session.get("w").data()).containsExactly(expected(next, values), within(1e-11));
                    assertThat(session.get("v").data()).containsExactly(expected(other, values), within(1e-11));
                    assertThat(session.get("eta").get(0)).isEqualTo(0.3 * 0.9);
                }
            }
        }
    }

    @Test
    void aMatrixOfFactorsIsNotAbsorbed() {
        Setting s = new Setting(DType.F64, 20, 30);
        Expr next = s.w().times(s.w()).plus(s.product());
        Program program = program(s.w(), next);
        assertThat(program.listing(N)).doesNotContain("added");
        assertThat(run(program, s.values(), 1)).containsExactly(expected(next, s.values()), within(1e-11));
    }

    @ParameterizedTest
    @CsvSource({"F64,5,7", "F64,70,130", "F32,130,700"})
    void whatIsMadeFromTheSumComesAfterEveryReaderOfTheOldValue(DType dtype, int m, int n) {
        Setting s = new Setting(dtype, m, n);
        Expr w = s.w();
        Expr sum = w.times(s.rows()).minus(s.product());
        Expr norms = Ops.sqrt(sum.times(sum).sum(1));
        Expr next = sum.over(Expr.of(new Op.Broadcast(Shape.of(m, n), List.of(0)), norms));
        Expr old = w.times(w).sum();
        Program program = program(w, next, sum.sum(0), old);
        assertThat(program.listing(N)).contains("added to what is scaled");
        assertThat(run(program, s.values(), 1)).containsExactly(expected(next, s.values()), within(s.tolerance()));
        List<Tensor> outputs = program.evaluate(s.values());
        assertThat(outputs.get(0).data()).containsExactly(expected(sum.sum(0), s.values()), within(50 * s.tolerance()));
        assertThat(outputs.get(1).get(0)).isEqualTo(expected(old, s.values())[0], within(1e4 * s.tolerance()));
    }

    /** Both updates change a square matrix in terms of the other's old value. */
    private static void assertBoth(Expr w, Expr nextW, Expr u, Expr nextU) {
        int n = w.shape().size(0);
        Map<String, Tensor> values = new HashMap<>(new Setting(DType.F64, n, n).values());
        values.put("u", Tensor.fill(w.shape(), DType.F64, CounterRandom.seeded(4)::normal));
        for (boolean first : new boolean[] {true, false}) {
            Program.Builder builder = Program.builder();
            builder.update(first ? w : u, first ? nextW : nextU).update(first ? u : w, first ? nextU : nextW);
            Program program = builder.build();
            values.keySet().retainAll(program.variables().keySet());
            try (Session session = program.session()) {
                values.forEach(session::set);
                session.run();
                assertThat(session.get("w").data()).containsExactly(expected(nextW, values), within(1e-11));
                assertThat(session.get("u").data()).containsExactly(expected(nextU, values), within(1e-11));
            }
        }
    }

    @Test
    void anUpdateDoesNotWaitForWhatNeedsAValueThatItsPassStores() {
        Setting s = new Setting(DType.F64, 12, 12);
        Expr u = Expr.parameter("u", DType.F64, Shape.of(12, 12));
        Expr moved = s.w().minus(s.product());
        assertBoth(s.w(), moved.plus(Ops.transpose(u, 1, 0)), u, u.plus(moved));
    }

    @Test
    void aViewOfTheSumThatAnotherVariableTakesIsThatOfTheSum() {
        Setting s = new Setting(DType.F64, 12, 12);
        Expr u = Expr.parameter("u", DType.F64, Shape.of(12, 12));
        Expr sum = s.w().minus(s.product());
        Expr next = sum.times(Ops.broadcastTo(sum.times(sum).sum(), sum.shape()));
        assertBoth(s.w(), next, u, Ops.transpose(sum, 1, 0));
    }

    @Test
    void whatAlsoNeedsTheOldValueIsComputedFromIt() {
        Setting s = new Setting(DType.F64, 40, 50);
        Expr w = s.w();
        Expr sum = w.minus(s.product());
        Expr next = sum.times(w).plus(sum);
        assertThat(run(program(w, next), s.values(), 1)).containsExactly(expected(next, s.values()), within(1e-11));
    }

    @ParameterizedTest
    @CsvSource({"F64,5,7", "F64,70,130", "F32,70,130"})
    void fewElementsAreReplacedBitForBit(DType dtype, int m, int n) {
        Setting s = new Setting(dtype, m, n);
        Expr w = s.w();
        int[] places = {3, 0, m * n - 1, 17};
        double[] mask = new double[m * n];
        java.util.Arrays.fill(mask, 1);
        IntStream.of(places).forEach(p -> mask[p] = 0);
        Expr few = Ops.gather(w.reshape(m * n), 0, places);
        Expr others = Expr.of(new Op.Scatter(0, IntStream.of(places).boxed().toList(), m * n), few.times(2))
                .reshape(m, n);
        Expr dense = w.times(s.rows()).minus(s.product());
        Expr next = dense.times(Expr.constant(Tensor.of(Shape.of(m, n), dtype, mask)))
                .plus(others);
        Program program = program(w, next);
        assertThat(program.listing(N))
                .contains("put 4")
                .contains("added to what is scaled")
                .doesNotContain("scatter");
        double[] after = run(program, s.values(), 1);
        assertThat(after).containsExactly(expected(next, s.values()), within(s.tolerance()));
        double[] before = java.util.Objects.requireNonNull(s.values().get("w")).data();
        for (int p : places) {
            assertThat(after[p]).isEqualTo(2 * before[p]);
        }
    }

    @Test
    void aMaskOfOtherElementsIsAPassOfItsOwn() {
        Setting s = new Setting(DType.F64, 6, 5);
        double[] mask = new double[30];
        mask[4] = 1;
        Expr others =
                Expr.of(new Op.Scatter(0, List.of(4), 30), s.input("one", 1)).reshape(6, 5);
        Expr next = s.w().times(2)
                .times(Expr.constant(Tensor.of(Shape.of(6, 5), mask)))
                .plus(others);
        Map<String, Tensor> values = s.values();
        values.put("one", Tensor.of(Shape.of(1), 7.0));
        Program program = program(s.w(), next);
        assertThat(program.listing(N)).doesNotContain("put");
        assertThat(run(program, values, 1)).containsExactly(expected(next, values), within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"F64,0", "F64,1", "F64,2", "F32,1"})
    void gathersAndScattersAreCompiled(DType dtype, int axis) {
        Expr x = Expr.input("x", dtype, Shape.of(4, 5, 6));
        Expr gathered = Ops.gather(x, axis, 3, 0, 3, 1);
        Expr scattered = Expr.of(new Op.Scatter(axis, List.of(6, 2, 6, 0), 7), gathered);
        Program program = Program.builder().output(gathered).output(scattered).build();
        assertThat(program.listing(1)).contains("gather").contains("scatter").doesNotContain("reference");
        Map<String, Tensor> values =
                Map.of("x", Tensor.fill(Shape.of(4, 5, 6), dtype, CounterRandom.seeded(5)::normal));
        List<Tensor> got = program.evaluate(values);
        List<Tensor> wanted = Evaluator.evaluate(List.of(gathered, scattered), values);
        for (int i = 0; i < 2; i++) {
            assertThat(got.get(i).data()).containsExactly(wanted.get(i).data());
        }
    }
}
