package org.quotient.autodiff.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quotient.autodiff.Shape.N;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.RandomGraph;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Text;

class RewriterTest {
    private static final Expr X = Expr.input("x", DType.F64, Shape.of(N, 3));
    private static final Expr Y = Expr.input("y", DType.F64, Shape.of(N, 3));
    private static final Expr W = Expr.parameter("w", DType.F64, Shape.of(3, 4));
    private static final Expr V = Expr.parameter("v", DType.F64, Shape.of(3));

    /** A rule with an expression before and after it. */
    record Example(String rule, Expr before, String text, String after) {
        @Override
        public String toString() {
            return rule + ": " + text;
        }
    }

    private static Example of(String rule, Expr before, String text, String after) {
        return new Example(rule, before, text, after);
    }

    private static Expr full(double value) {
        return Ops.fullLike(X, value);
    }

    static Stream<Example> examples() {
        Op repeat = new Op.Broadcast(Shape.of(N, 3), List.of(1));
        Expr column = Ops.reshape(V, Shape.of(3, 1));
        return Stream.of(
                of("addition of zero", X.plus(0), "x + 0", "x"),
                of("addition of zero", full(0).plus(X), "0 + x", "x"),
                of("subtraction of zero", X.minus(full(0)), "x - 0", "x"),
                of("subtraction of zero", full(0).minus(X), "0 - x", "-x"),
                of("multiplication by one", full(1).times(X), "1 * x", "x"),
                of("multiplication by zero", X.times(0), "x * 0", "broadcast(0, [N, 3])"),
                of("multiplication by minus one", X.times(-1), "x * -1", "-x"),
                of("division by one", X.over(full(1)), "x / 1", "x"),
                of("double negation", X.neg().neg(), "--x", "x"),
                of("difference of equals", X.minus(X), "x - x", "broadcast(0, [N, 3])"),
                of("addition of a negation", X.plus(Y.neg()), "x + -y", "x - y"),
                of("addition of a negation", X.neg().plus(Y), "-x + y", "y - x"),
                of("subtraction of a negation", X.minus(Y.neg()), "x - -y", "x + y"),
                of("product of negations", X.neg().times(Y.neg()), "-x * -y", "x * y"),
                of("negation into a constant factor", X.times(2).neg(), "-(x * 2)", "-2 * x"),
                of("negation into a constant factor", full(2).times(X.neg()), "2 * -x", "-2 * x"),
                of("negation of a difference", X.minus(Y).neg(), "-(x - y)", "y - x"),
                of("relu of relu", X.relu().relu(), "relu(relu(x))", "relu(x)"),
                of("abs of abs", Ops.abs(Ops.abs(X)), "abs(abs(x))", "abs(x)"),
                of("detach of detach", Ops.detach(Ops.detach(X)), "detach(detach(x))", "detach(x)"),
                of("step of relu", Ops.step(X.relu()), "step(relu(x))", "step(x)"),
                of("transpose of transpose", W.transpose().transpose(), "(w^T)^T", "w"),
                of(
                        "identity transpose",
                        Expr.of(new Op.Transpose(List.of(0, 1)), W),
                        "transpose(w, order=[0, 1])",
                        "w"),
                of(
                        "reshape of reshape",
                        W.reshape(12).reshape(2, 6),
                        "reshape(reshape(w, [12]), [2, 6])",
                        "reshape(w, [2, 6])"),
                of("reshape to the same shape", Expr.of(new Op.Reshape(W.shape()), W), "reshape(w, [3, 4])", "w"),
                of(
                        "broadcast of broadcast",
                        Expr.of(
                                new Op.Broadcast(Shape.of(2, 3, 4), List.of(1, 2)),
                                Expr.of(new Op.Broadcast(Shape.of(3, 4), List.of(0)), V)),
                        "broadcast(broadcast(v, [3, 4], axes=[0]), [2, 3, 4], axes=[1, 2])",
                        "broadcast(v, [2, 3, 4], axes=[1])"),
                of(
                        "broadcast to the same shape",
                        Expr.of(new Op.Broadcast(V.shape(), List.of(0)), V),
                        "broadcast(v, [3], axes=[0])",
                        "v"),
                of("whole slice", Ops.slice(X, 1, 0, 3), "x[:, :]", "x"),
                of("empty padding", Ops.pad(V, List.of(0), List.of(0)), "pad(v, before=[0], after=[0])", "v"),
                of("concatenation of one", Expr.of(new Op.Concat(1), X), "concat(x, axis=1)", "x"),
                of(
                        "elementwise of broadcasts",
                        Ops.exp(Expr.of(repeat, V)),
                        "exp(broadcast(v, [N, 3], axes=[1]))",
                        "broadcast(exp(v), [N, 3], axes=[1])"),
                of("sum over no axes", Expr.of(new Op.Reduce(Op.ReduceKind.SUM, List.of()), X), "sum(x, axes=[])", "x"),
                of(
                        "sum of a broadcast",
                        Expr.of(repeat, V).sum(0),
                        "sum(broadcast(v, [N, 3], axes=[1]), axes=[0])",
                        "v * (1 * N)"),
                of("sum of a negation", X.neg().sum(1), "sum(-x, axes=[1])", "-sum(x, axes=[1])"),
                of(
                        "einsum with a uniform operand",
                        full(1).matmul(W),
                        "broadcast(1, [N, 3]) @ w",
                        "broadcast(sum(w, axes=[0]), [N, 4], axes=[1])"),
                of(
                        "einsum with a uniform operand",
                        Ops.einsum("ni,oi->on", X, Ops.fullLike(column.transpose(), 2)),
                        "broadcast(2, [1, 3]) @ x^T",
                        "broadcast(sum(x, axes=[1]) * 2, [1, N], axes=[1])"));
    }

    private static Rule rule(String name) {
        return Rewriter.algebraicRules().stream()
                .filter(r -> r.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void aRuleTurnsItsExampleIntoTheSimplerOneOfEqualValue(Example example) {
        assertThat(Text.of(example.before())).isEqualTo(example.text());
        Expr after = rule(example.rule()).apply(example.before()).orElseThrow();
        assertThat(Text.of(after)).isEqualTo(example.after());
        assertThat(after.shape()).isEqualTo(example.before().shape());
        Map<String, Tensor> values = Map.of(
                "x",
                Tensor.of(Shape.of(2, 3), 1, -2, 3, 0.5, 0, -1),
                "y",
                Tensor.of(Shape.of(2, 3), 2, 2, -5, 1, 7, 0),
                "w",
                Tensor.fill(Shape.of(3, 4), DType.F64, i -> i - 5.5),
                "v",
                Tensor.of(Shape.of(3), 1, -2, 4));
        Tensor old = Evaluator.evaluate(List.of(example.before()), values, 2).get(0);
        Tensor fresh = Evaluator.evaluate(List.of(after), values, 2).get(0);
        assertThat(fresh.sameBits(old)).isTrue();
    }

    @Test
    void everyRuleHasAnExampleAndAName() {
        Set<String> shown = examples().map(Example::rule).collect(Collectors.toCollection(TreeSet::new));
        List<String> names = Rewriter.algebraicRules().stream().map(Rule::name).toList();
        assertThat(names).doesNotHaveDuplicates();
        assertThat(shown).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void constantsFoldOnlyIfSmall() {
        Expr small = Ops.exp(Expr.constant(Tensor.of(Shape.of(2), 0, 1)));
        assertThat(Rewriter.standard().apply(small).op()).isInstanceOf(Op.Constant.class);
        assertThat(Rewriter.exact().apply(small)).isSameAs(small);
        Expr large = Ops.exp(Expr.constant(Tensor.fill(Shape.of(Folding.LIMIT + 1), DType.F64, i -> i)));
        assertThat(Rewriter.standard().apply(large)).isSameAs(large);
    }

    @Test
    void commonSubexpressionsBecomeOneNode() {
        Expr a = X.matmul(W).relu();
        Expr b = X.matmul(W).relu();
        Expr sum = a.times(2).plus(b.times(2));
        assertThat(Graph.topological(List.of(sum))).hasSize(13);
        Expr shared = Rewriter.sharing().apply(sum);
        assertThat(shared.operand(0)).isSameAs(shared.operand(1));
        assertThat(Graph.topological(List.of(shared))).hasSize(8);
    }

    /** d/dx of Σ (2x)² is 8x: the ones, zeros and broadcasts of the rules of differentiation disappear. */
    @Test
    void derivativesBecomeReadable() {
        Expr loss = X.times(2).times(X.times(2)).sum();
        Expr gradient = Rewriter.standard().apply(Differentiation.gradient(loss, X));
        assertThat(Text.of(gradient)).isEqualTo("let\n  t1 = x * 2 * 2\nin t1 + t1");
        Expr linear = Differentiation.gradient(X.matmul(W).sum(), W);
        assertThat(Text.of(Rewriter.standard().apply(linear)))
                .isEqualTo("broadcast(sum(x, axes=[0]), [3, 4], axes=[0])");
    }

    @Property(seed = "20261", tries = 300)
    void valuesAndShapesStay(@ForAll long seed) {
        RandomGraph graph = RandomGraph.of(seed, 24, false);
        List<Expr> rewritten = Rewriter.standard().apply(graph.outputs());
        List<Tensor> old = Evaluator.evaluate(graph.outputs(), graph.values());
        List<Tensor> fresh = Evaluator.evaluate(rewritten, graph.values());
        double scale = graph.largest();
        for (int i = 0; i < old.size(); i++) {
            assertThat(fresh.get(i).shape()).isEqualTo(old.get(i).shape());
            for (int k = 0; k < old.get(i).size(); k++) {
                assertThat(Math.abs(fresh.get(i).get(k) - old.get(i).get(k))).isLessThanOrEqualTo(1e-12 * scale);
            }
        }
        assertThat(Rewriter.standard().apply(rewritten)).isEqualTo(rewritten);
    }

    @Property(seed = "20261", tries = 200)
    void exactRulesKeepResiduesAndDerivatives(@ForAll long seed) {
        RandomGraph graph = RandomGraph.of(seed, 20, true);
        Numbers.PrimeField field = new Numbers.PrimeField(10007);
        Map<String, Tensor> residues = new HashMap<>();
        graph.values()
                .forEach((name, value) ->
                        residues.put(name, Tensor.fill(value.shape(), DType.F64, i -> field.residue(value.get(i)))));
        List<Expr> outputs = new ArrayList<>(graph.outputs());
        Expr x = outputs.get(outputs.size() - 1);
        outputs.add(Differentiation.gradient(outputs.get(0).sum(), x));
        List<Tensor> old = Evaluator.evaluate(outputs, residues, field);
        List<Tensor> fresh = Evaluator.evaluate(Rewriter.exact().apply(outputs), residues, field);
        for (int i = 0; i < old.size(); i++) {
            assertThat(fresh.get(i).data()).containsExactly(old.get(i).data());
        }
    }

    /** The property above is about something: on average a fifth of the nodes or more goes away. */
    @Test
    void randomGraphsAreSimplified() {
        int before = 0;
        int after = 0;
        for (int seed = 0; seed < 100; seed++) {
            List<Expr> outputs = RandomGraph.of(seed, 24, false).outputs();
            before += Graph.topological(outputs).size();
            after += Graph.topological(Rewriter.standard().apply(outputs)).size();
        }
        assertThat(after).isLessThan(before * 4 / 5);
    }

    @Test
    void rulesThatUndoEachOtherAreFound() {
        Rule left = new Rule(
                "swap",
                "x + y = y + x",
                node -> node.op() instanceof Op.Binary
                        ? Optional.of(node.operand(1).plus(node.operand(0)))
                        : Optional.empty());
        assertThatThrownBy(() -> Rewriter.with(List.of(left), 5).apply(X.plus(Y)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Rules undo each other at add");
        Rule wrong = new Rule("sum", "x = sum(x)", node -> Optional.of(node.sum()));
        assertThatThrownBy(() -> Rewriter.with(List.of(wrong), 5).apply(X))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("The rule 'sum' turns x [N, 3]");
        assertThatThrownBy(() -> Rewriter.with(List.of(), 0)).hasMessageContaining("given 0");
    }

    @Test
    void depthIsNoLimit() {
        Expr deep = X;
        for (int i = 0; i < 50_000; i++) {
            deep = deep.relu().plus(0);
        }
        assertThat(Text.of(Rewriter.standard().apply(deep))).isEqualTo("relu(x)");
    }
}
