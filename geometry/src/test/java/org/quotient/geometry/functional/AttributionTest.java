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
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
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
