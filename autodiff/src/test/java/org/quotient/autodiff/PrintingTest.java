package org.quotient.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quotient.autodiff.Shape.N;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.autodiff.checks.Subject;

class PrintingTest {
    private final Expr x = Expr.input("x", DType.F64, Shape.of(N, 3));
    private final Expr w = Expr.parameter("W1", DType.F64, Shape.of(3, 4));
    private final Expr b = Expr.parameter("b1", DType.F64, Shape.of(4));
    private final Expr v = Expr.parameter("v", DType.F64, Shape.of(3));
    private final Expr a = Expr.parameter("alpha", DType.F64, Shape.SCALAR);

    @Test
    void aDenseLayer() {
        Expr layer = x.matmul(w).plus(b).relu();
        assertThat(Text.of(layer)).isEqualTo("relu(x @ W1 + b1)");
        assertThat(layer).hasToString("relu(x @ W1 + b1)");
        assertThat(Latex.of(layer)).isEqualTo("\\operatorname{ReLU}\\left(x \\, W_{1} + b_{1}\\right)");
    }

    @Test
    void parenthesesOnlyWhereNeeded() {
        assertThat(Text.of(v.minus(v.minus(v)))).isEqualTo("v - (v - v)");
        assertThat(Text.of(v.plus(v).times(v.neg()))).isEqualTo("(v + v) * -v");
        assertThat(Text.of(v.over(v.times(v)))).isEqualTo("v / (v * v)");
        assertThat(Text.of(v.minus(v).minus(v))).isEqualTo("v - v - v");
        assertThat(Text.of(Ops.pow(v.plus(1), v))).isEqualTo("(v + 1)^v");
        assertThat(Text.of(v.times(-2.5))).isEqualTo("v * -2.5");
        assertThat(Latex.of(Ops.exp(v).over(v.plus(1)))).isEqualTo("\\frac{e^{v}}{v + 1}");
        assertThat(Latex.of(v.plus(v).times(a))).isEqualTo("\\left(v + v\\right) \\cdot \\alpha");
        assertThat(Latex.of(v.times(v.neg()))).isEqualTo("v \\odot \\left(-v\\right)");
    }

    /** Matrix products bind more strongly than elementwise ones. */
    @Test
    void elementwiseAndMatrixProductsAreToldApart() {
        Expr y = Expr.input("y", DType.F64, Shape.of(N, 3));
        assertThat(Text.of(x.times(y).matmul(w))).isEqualTo("(x * y) @ W1");
        assertThat(Text.of(x.matmul(w).times(b))).isEqualTo("x @ W1 * b1");
        assertThat(Text.of(x.over(y).matmul(w))).isEqualTo("(x / y) @ W1");
        assertThat(Latex.of(x.times(y).matmul(w))).isEqualTo("\\left(x \\odot y\\right) \\, W_{1}");
        assertThat(Latex.of(b.times(x.matmul(w)))).isEqualTo("b_{1} \\odot x \\, W_{1}");
        assertThat(Latex.of(v.times(v.times(v)))).isEqualTo("v \\odot v^{\\circ 2}");
        assertThat(Latex.of(v.times(v.times(a)))).isEqualTo("v \\odot \\left(v \\cdot \\alpha\\right)");
    }

    @Test
    void whatIsUsedTwiceHasAName() {
        Expr h = x.matmul(w).relu();
        assertThat(Text.of(h.times(h).plus(1))).isEqualTo("let\n  t1 = relu(x @ W1)\nin t1 * t1 + 1");
        Expr named = h.named("hidden");
        assertThat(Text.of(named.times(named))).isEqualTo("let\n  hidden = relu(x @ W1)\nin hidden * hidden");
        assertThat(Latex.of(named.times(named)))
                .isEqualTo("\\begin{aligned}\n\\mathrm{hidden} &= \\operatorname{ReLU}\\left(x \\, W_{1}\\right) \\\\\n"
                        + "& \\mathrm{hidden}^{\\circ 2}\n\\end{aligned}");
    }

    @Test
    void derivativesReadLikeMathematics() {
        Expr loss = x.matmul(w).relu().sum();
        Expr gradient = Differentiation.gradient(loss, w);
        assertThat(Text.of(gradient)).isEqualTo("x^T @ (1 * step(x @ W1))");
        Expr square = v.times(v).sum();
        assertThat(Latex.of(square)).isEqualTo("\\left\\lVert v \\right\\rVert^2");
        assertThat(Latex.of(Ops.sqrt(square))).isEqualTo("\\sqrt{\\left\\lVert v \\right\\rVert^2}");
    }

    @Test
    void sumsMeansTransposesAndSlices() {
        assertThat(Text.of(x.mean(1))).isEqualTo("sum(x, axes=[1]) / 3");
        assertThat(Latex.of(x.mean(1))).isEqualTo("\\frac{\\sum_{i_{1}} x}{3}");
        assertThat(Latex.of(x.mean())).isEqualTo("\\frac{\\sum x}{3 \\cdot N}");
        assertThat(Text.of(w.transpose().matmul(v))).isEqualTo("W1^T @ v");
        assertThat(Latex.of(w.transpose().matmul(v))).isEqualTo("{W_{1}}^{\\top} \\, v");
        assertThat(Text.of(Ops.slice(w, 1, 0, 4, 2))).isEqualTo("W1[:, ::2]");
        assertThat(Text.of(Ops.slice(x.relu(), 1, 1, 3))).isEqualTo("relu(x)[:, 1:]");
        assertThat(Text.of(Ops.einsum("ni,ij->nij", x, w.matmul(w.transpose()))))
                .isEqualTo("einsum(\"ni,ij->nij\", x, W1 @ W1^T)");
        assertThat(Latex.of(Ops.einsum("ni,ij->nij", x, w.matmul(w.transpose()))))
                .isEqualTo("\\left(\\left[x\\right]_{ni} \\left[W_{1} \\, {W_{1}}^{\\top}\\right]_{ij}\\right)_{nij}");
        assertThat(Latex.of(Ops.abs(v).plus(1e-5))).isEqualTo("\\left\\lvert v \\right\\rvert + 10^{-5}");
    }

    @Test
    void convolutionsSayOnlyWhatIsUnusual() {
        Expr image = Expr.input("img", DType.F64, Shape.of(N, 4, 8, 8));
        Expr k = Expr.parameter("conv.weight", DType.F64, Shape.of(4, 2, 3, 3));
        Expr y = Ops.maxPool2d(Ops.conv2d(image, k, Window.square(3, 2, 1), 2), Window.square(2, 1, 0));
        assertThat(Text.of(y)).isEqualTo("maxPool(conv(img, conv.weight, stride=2, pad=1, groups=2), kernel=2)");
        assertThat(Latex.of(y))
                .isEqualTo(
                        "\\operatorname{maxPool}_{2}\\left(\\mathrm{img} "
                                + "\\ast_{\\mathrm{stride}=2, \\mathrm{pad}=1, \\mathrm{groups}=2} \\mathrm{conv.weight}\\right)");
    }

    @Test
    void graphviz() {
        assertThat(Dot.of(x.matmul(w).named("say \"hi\""))).isEqualTo("""
                digraph expression {
                  rankdir=BT;
                  node [fontname="Helvetica"];
                  n0 [label="x\\n[N, 3]", shape=box];
                  n1 [label="W1\\n[3, 4]", shape=box, style=filled, fillcolor=lightblue];
                  n2 [label="say \\"hi\\": einsum\\n[N, 4]", shape=ellipse, peripheries=2];
                  n0 -> n2 [label="0"];
                  n1 -> n2 [label="1"];
                }
                """);
    }

    static Stream<Subject> rows() {
        return OpTable.rows().stream();
    }

    /** Every operation, its derivative and its second derivative print, with balanced brackets. */
    @ParameterizedTest
    @MethodSource("rows")
    void everyOperationPrints(Subject row) {
        List<Expr> all = new ArrayList<>(row.outputs());
        List<Expr> ones = row.outputs().stream().map(o -> Ops.fullLike(o, 1)).toList();
        List<Expr> first = Differentiation.vjp(row.outputs(), ones, row.at());
        all.addAll(first);
        all.addAll(Differentiation.jvp(first, row.at(), row.at()));
        for (String text : List.of(Text.of(all), Latex.of(all), Dot.of(all))) {
            for (Expr variable : row.at()) {
                assertThat(text).contains(((Op.Variable) variable.op()).name());
            }
            assertThat(balance(text, '(', ')')).isZero();
            assertThat(balance(text, '{', '}')).isZero();
        }
    }

    private static long balance(String text, char open, char close) {
        return text.chars().filter(c -> c == open).count()
                - text.chars().filter(c -> c == close).count();
    }

    @Test
    void deepAndHeavilySharedGraphsStaySmallInPrint() {
        Expr deep = v;
        Expr shared = v;
        for (int i = 0; i < 50_000; i++) {
            deep = deep.relu();
            shared = i < 200 ? shared.plus(shared) : shared;
        }
        assertThat(Text.of(deep).length()).isLessThan(2_500_000);
        assertThat(Latex.of(deep)).contains("ReLU");
        assertThat(Text.of(shared).lines()).hasSize(201);
    }
}
