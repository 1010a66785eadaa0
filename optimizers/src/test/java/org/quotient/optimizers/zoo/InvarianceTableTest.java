package org.quotient.optimizers.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.optimizers.Direction;
import org.quotient.optimizers.Law;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.Point;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.Samples;
import org.quotient.optimizers.Subgroup;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.Updates;
import org.quotient.optimizers.checks.Invariance;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Loss;

/** The scope of eight diagonal metrics on 2-3-2-1 networks, by measurement (spec invariant-updates 2.3). */
class InvarianceTableTest {
    private static final Model BIASED = BuiltIns.model("mlp:2-3-2-1", 7);
    private static final Model PLAIN = BuiltIns.model("mlp:2-3-2-1,bias=false,activation=leaky:0.2", 8);

    /**
     * One row.
     *
     * @param update a metric
     * @param columns full group; one scale per layer with biases; the same without; only the last hidden layer; only the first
     */
    private record Row(Update update, boolean... columns) {}

    private static List<Row> table() {
        return List.of(
                new Row(Updates.sgd(), false, false, false, false, false),
                new Row(SymmetricMetric.rows(Direction.chain()), false, false, true, false, false),
                new Row(SymmetricMetric.published(Direction.chain()), false, false, true, true, false),
                new Row(TensorwiseMetric.of(false, Direction.chain()), false, false, true, false, false),
                new Row(Updates.log(Direction.chain(), false), true, true, true, true, true),
                new Row(SymmetricMetric.deep(Direction.chain()), true, true, true, true, true),
                new Row(descent("path metric", InvarianceTableTest::pathMetric), true, true, true, true, true),
                new Row(descent("Fisher metric", InvarianceTableTest::fisher), true, true, true, true, true));
    }

    @TestFactory
    Stream<DynamicTest> theScopeOfDiagonalMetricsIsThatOfTheTable() {
        return table().stream()
                .map(row -> DynamicTest.dynamicTest(row.update.name(), () -> {
                    boolean[] found = {
                        survives(BIASED, row.update, Subgroup.FULL),
                        survives(BIASED, row.update, Subgroup.LAYER_UNIFORM),
                        survives(PLAIN, row.update, Subgroup.LAYER_UNIFORM),
                        survives(PLAIN, row.update, Subgroup.LAST_HIDDEN),
                        survives(PLAIN, row.update, Subgroup.FIRST_HIDDEN)
                    };
                    assertThat(found).containsExactly(row.columns);
                }));
    }

    private static boolean survives(Model model, Update update, Subgroup subgroup) {
        Problem problem = Problem.of(model.network(), Loss.halfSquaredError());
        // One sample per step, so that the Fisher metric is the square of one derivative.
        List<Batch> batches = Samples.batches(model.network(), 4, 3).stream()
                .map(InvarianceTableTest::first)
                .toList();
        Invariance found = Invariance.measure(
                problem,
                update,
                model.weights(),
                batches,
                Samples.probe(model.network()),
                Invariance.Settings.STANDARD);
        return java.util.Objects.requireNonNull(found.measured().get(subgroup)).survives();
    }

    private static Batch first(Batch batch) {
        return Batch.of(row(batch.inputs().getFirst()), row(batch.target()));
    }

    private static Tensor row(Tensor x) {
        int width = x.size() / x.shape().size(0);
        return Tensor.fill(org.quotient.autodiff.Shape.of(1, width), x.dtype(), x::get);
    }

    private interface Diagonal {
        ParameterVector of(Point at);
    }

    private static Update descent(String name, Diagonal metric) {
        return Update.of(
                name,
                Law.INVARIANT,
                at -> at.theta().minus(metric.of(at).times(at.differential()).times(at.learningRate())));
    }

    /** 1/(F_u²·B_v²): F² what reaches u from inputs and biases along squared weights, B² what goes on from v. */
    private static ParameterVector pathMetric(Point at) {
        Map<String, Expr> squares = at.theta().map(w -> w.times(w)).values();
        boolean biased = squares.containsKey("fc1.bias");
        Expr[] forward = new Expr[3];
        Expr[] backward = new Expr[3];
        forward[0] = ones(2, at);
        backward[2] = ones(1, at);
        for (int l = 1; l <= 2; l++) {
            Expr sum = Ops.einsum("oi,i->o", weight(squares, l), forward[l - 1]);
            forward[l] = biased ? sum.plus(bias(squares, l)) : sum;
        }
        for (int l = 2; l >= 1; l--) {
            backward[l - 1] = Ops.einsum("oi,o->i", weight(squares, l + 1), backward[l]);
        }
        Map<String, Expr> metric = new LinkedHashMap<>();
        for (int l = 1; l <= 3; l++) {
            Expr paths = Ops.einsum("o,i->oi", backward[l - 1], forward[l - 1]);
            metric.put("fc" + l + ".weight", Ops.fullLike(paths, 1).over(paths));
            if (biased) {
                metric.put("fc" + l + ".bias", Ops.fullLike(backward[l - 1], 1).over(backward[l - 1]));
            }
        }
        return at.theta().mapNamed((name, w) -> java.util.Objects.requireNonNull(metric.get(name)));
    }

    private static Expr ones(int size, Point at) {
        return Ops.broadcastTo(Ops.scalar(1, at.dtype()), org.quotient.autodiff.Shape.of(size));
    }

    private static Expr weight(Map<String, Expr> squares, int layer) {
        return java.util.Objects.requireNonNull(squares.get("fc" + layer + ".weight"));
    }

    private static Expr bias(Map<String, Expr> squares, int layer) {
        return java.util.Objects.requireNonNull(squares.get("fc" + layer + ".bias"));
    }

    /** 1/(∂f/∂θ_e)² for a batch of one sample, 0 where the derivative is 0. */
    private static ParameterVector fisher(Point at) {
        List<Expr> slopes = Differentiation.gradient(
                at.problem().prediction().sum(), at.problem().network().parameters());
        Map<String, Expr> metric = new LinkedHashMap<>();
        for (int i = 0; i < slopes.size(); i++) {
            Expr square = slopes.get(i).times(slopes.get(i));
            Expr some = Ops.step(square);
            Expr none = Ops.fullLike(some, 1).minus(some);
            metric.put(Network.nameOf(at.problem().network().parameters().get(i)), some.over(square.plus(none)));
        }
        return new ParameterVector(metric);
    }

    @TestFactory
    Stream<DynamicTest> onOneHiddenLayerTheScaledMetricIsInvariantBitForBit() {
        return Stream.of("mlp:4-6-3", "mlp:4-6-3,bias=false", "mlp:2-1-1")
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    Model model = BuiltIns.model(name, CounterRandom.seeded(1).below(0, 100));
                    Problem problem = Problem.of(model.network(), Loss.halfSquaredError());
                    for (Update update : List.of(
                            SymmetricMetric.published(Direction.chain()),
                            SymmetricMetric.published(Direction.momentum(0.9)))) {
                        Invariance found = Invariance.measure(
                                problem,
                                update,
                                model.weights(),
                                Samples.batches(model.network(), 6, 5),
                                Samples.probe(model.network()),
                                Invariance.Settings.STANDARD);
                        assertThat(found.law()).containsExactly(Subgroup.FULL);
                        assertThat(java.util.Objects.requireNonNull(
                                                found.measured().get(Subgroup.FULL))
                                        .bitwise())
                                .isTrue();
                    }
                }));
    }
}
