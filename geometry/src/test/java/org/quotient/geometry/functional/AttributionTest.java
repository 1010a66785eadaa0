package org.quotient.geometry.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.functional.attribution.Lost;
import org.quotient.geometry.functional.attribution.Lost.Cause;
import org.quotient.geometry.functional.pattern.Points;
import org.quotient.geometry.functional.sampling.Sampling;

/** Every lost dimension has a place and a cause, or is said to have none. */
class AttributionTest {
    private static List<Lost> lost(String oracle) {
        RankOracle found = RankOracle.all().stream()
                .filter(o -> o.id().startsWith(oracle))
                .findFirst()
                .orElseThrow();
        Attribution attribution = FunctionalDimension.of(found.model()).explainExactly(10_000);
        assertThat(attribution.rank().rank()).isEqualTo(found.rank());
        assertThat(attribution.total()).isEqualTo(attribution.rank().deficiency());
        return attribution.lost();
    }

    @Test
    void genericNetworksHaveLostNothing() {
        assertThat(lost("R01")).isEmpty();
        assertThat(lost("S41")).isEmpty();
    }

    @Test
    void singleCoincidencesAreNamed() {
        assertThat(lost("R04")).containsExactly(new Lost("W2[0]", Cause.ZERO_FAN_OUT, 2));
        assertThat(lost("R05")).containsExactly(new Lost("relu 0[0]", Cause.DEAD, 3));
        assertThat(lost("R07")).containsExactly(new Lost("relu 0[1] and relu 0[0]", Cause.TWIN_SAME_SIDE, 3));
        assertThat(lost("R08")).containsExactly(new Lost("relu 0[1] and relu 0[0]", Cause.TWIN_OPPOSITE_SIDE, 1));
    }

    @Test
    void chainsLoseByWhatTheirSecondUnitDoes() {
        assertThat(lost("R09")).containsExactly(new Lost("relu 0[0]", Cause.INVISIBLE_BEND, 1));
        assertThat(lost("R11")).containsExactly(new Lost("relu 1[0]", Cause.ALWAYS_ON, 1));
        assertThat(lost("R12"))
                .containsExactly(new Lost("relu 1[0]", Cause.DEAD, 2), new Lost("relu 0[0]", Cause.INVISIBLE_BEND, 1));
    }

    @Test
    void aDeadLayerHidesAllBeforeIt() {
        assertThat(lost("R17"))
                .extracting(Lost::cause)
                .containsExactly(Cause.DEAD, Cause.DEAD, Cause.INVISIBLE_BEND, Cause.INVISIBLE_BEND);
    }

    @Test
    void aUnitThatSeesPartOfALayerHasACollapsedImage() {
        Model model = ReluNetworks.random(ReluNetworks.network(true, 2, 4, 4, 1), 1);
        Attribution attribution = FunctionalDimension.of(model).explainExactly(10_000);
        assertThat(attribution.lost()).extracting(Lost::cause).containsExactly(Cause.COLLAPSED_IMAGE);
        assertThat(attribution.unexplained()).isZero();
    }

    @Test
    void fewPointsAreACauseOfTheirOwn() {
        RankOracle few = RankOracle.all().get(2);
        Model model = few.model();
        Attribution attribution = FunctionalDimension.of(model).explain(few.pointsOf(model));
        assertThat(attribution.total()).isEqualTo(2);
    }

    /** Two points with three rows each have rank 6, whatever their masks: units are not to blame for what is beyond. */
    @Test
    void unitsAreNotBlamedForRowsThatFewPointsDoNotHave() {
        Model model = BuiltIns.model("mlp:4-6-3", 1);
        Attribution attribution = FunctionalDimension.of(model).explain(points(model, 2));
        assertThat(attribution.rank().rank()).isEqualTo(6);
        assertThat(attribution.lost())
                .containsExactly(
                        new Lost("points", Cause.POINTS, attribution.rank().bound() - 6));
    }

    /** Off at all points, a leaky unit still lets its argument through. */
    @Test
    void aLeakyUnitThatIsOffIsNotDead() {
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 1));
        Expr w1 = Expr.parameter("W1", DType.F64, Shape.of(2, 1));
        Expr b1 = Expr.parameter("b1", DType.F64, Shape.of(2));
        Expr w2 = Expr.parameter("W2", DType.F64, Shape.of(1, 2));
        Expr b2 = Expr.parameter("b2", DType.F64, Shape.of(1));
        Expr h = Ops.leakyRelu(x.matmul(w1.transpose()).plus(b1), 0.25);
        Expr y = h.matmul(w2.transpose()).plus(b2);
        Network network = new Network("leaky", List.of(x), List.of(w1, b1, w2, b2), List.of(), List.of(y));
        // The first unit bends at 1.5, the second at −3.
        Model model = ReluNetworks.at(network, 1, -1, -1.5, -3, 1, 1, 0);
        Tensor points = Tensor.of(Shape.of(8, 1), new double[] {0.25, 0.5, 1, 1.25, 1.75, 2, 3, 4});
        Attribution attribution = FunctionalDimension.of(model).explain(Points.of(network, List.of(points)));
        assertThat(attribution.lost())
                .extracting(Lost::cause)
                .contains(Cause.NEVER_BENDS)
                .doesNotContain(Cause.DEAD);
    }

    private static Points points(Model model, int count) {
        Shape shape = model.network().inputs().get(0).shape().bind(count);
        CounterRandom random = CounterRandom.seeded(5);
        return Points.of(model.network(), List.of(Tensor.fill(shape, DType.F64, random::normal)));
    }

    @Property(seed = "607", tries = 15)
    @Label("causes add up to the deficiency")
    void causesAddUp(@ForAll @LongRange(min = 0, max = 100_000) long seed) {
        Model model = ReluNetworks.random(ReluNetworks.network(true, 3, 4, 3, 2), seed);
        Attribution attribution =
                FunctionalDimension.of(model).explain(Sampling.seeded(seed).withPatience(3));
        assertThat(attribution.total()).isEqualTo(attribution.rank().deficiency());
        assertThat(attribution.lost())
                .allSatisfy(l -> assertThat(l.dimensions()).isPositive());
    }
}
