package org.quotient.experiments.dimension;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.functional.FunctionalDimension;
import org.quotient.geometry.functional.LocalIdentifiability;

/** The studies of functional dimension, at tiny sizes. */
class DimensionStudiesTest {
    @Test
    void theLawOfTheSecondLayerIsThePublishedTable() {
        assertThat(SecondLayer.law(1)).isEqualTo(Map.of(1, 1, 3, 2, 4, 1));
        assertThat(SecondLayer.law(2)).isEqualTo(Map.of(1, 1, 3, 5, 4, 2, 5, 5, 6, 3));
        assertThat(SecondLayer.law(3)).isEqualTo(Map.of(1, 1, 3, 10, 4, 3, 5, 21, 6, 9, 7, 13, 8, 7));
        for (int k = 1; k <= 6; k++) {
            assertThat(SecondLayer.law(k).get(2 * k + 2))
                    .as("P(attained) = 2^-k (1 - 2^-k)")
                    .isEqualTo((1 << k) - 1);
        }
    }

    @Test
    void signsSayWhatASecondLayerDoes() {
        Weights weights = Weights.of(Map.of(
                "fc2.weight", Tensor.of(Shape.of(4, 1), DType.F64, 1, -1, 1, -1),
                "fc2.bias", Tensor.of(Shape.of(4), DType.F64, -1, 1, 1, -1)));
        SecondLayer layer = SecondLayer.of(weights);
        assertThat(layer).isEqualTo(new SecondLayer(1, 1, 1, 1));
        assertThat(layer.dimension()).isEqualTo(1 + 4 + 1 + 1);
    }

    @Test
    void drawsObeyTheirBoundsAndTheirLaw() {
        HiddenStudy.Results results = HiddenStudy.run(HiddenStudy.Settings.quick(), () -> {});
        for (HiddenStudy.CellResult cell : results.cells()) {
            int n = cell.cell().n();
            int d = cell.cell().d();
            assertThat(cell.parameters()).isEqualTo((d - 1) * n * (n + 1) + n + 1);
            assertThat(cell.bound()).isEqualTo(cell.parameters() - n * (d - 1));
            for (HiddenStudy.Draw draw : cell.draws()) {
                assertThat(draw.rank()).isLessThanOrEqualTo(cell.bound());
                int explained = draw.causes().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum();
                assertThat(explained).isEqualTo(draw.seed() < cell.cell().explained() ? cell.bound() - draw.rank() : 0);
            }
        }
        assertThat(results.compared())
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.ranks()).allSatisfy(r -> {
                    assertThat(r.normal()).as("sampled ≤ enumerated").isLessThanOrEqualTo(r.exact());
                    assertThat(r.adaptive()).as("sampled ≤ enumerated").isLessThanOrEqualTo(r.exact());
                    assertThat(r.exact()).isLessThanOrEqualTo(row.bound());
                }));
        assertThat(results.laws()).isNotEmpty().allSatisfy(law -> {
            assertThat(law.mismatches()).isZero();
            assertThat(law.dimensions().values().stream()
                            .mapToInt(Integer::intValue)
                            .sum())
                    .isEqualTo(results.settings().lawDraws());
        });
    }

    @Test
    void theScaleOfTheBiasesDoesNotChangeTheDimension() {
        InitialisedNetwork one = new Chain(List.of(2, 3, 3, 1), 1).network();
        InitialisedNetwork four = new Chain(List.of(2, 3, 3, 1), 4).network();
        FunctionalDimension dimension = FunctionalDimension.of(one.model(0));
        Set<Integer> found = new HashSet<>();
        for (long seed = 0; seed < 10; seed++) {
            int rank = dimension.moveTo(one.model(seed).weights()).exact(10_000).rank();
            assertThat(dimension
                            .moveTo(four.model(seed).weights())
                            .exact(10_000)
                            .rank())
                    .isEqualTo(rank);
            found.add(rank);
        }
        assertThat(found).hasSizeGreaterThan(1);
    }

    @Test
    void unitsThatAreNeverOnAreDead() {
        Chain chain = new Chain(List.of(1, 3, 1), 1);
        Weights weights = Weights.of(Map.of(
                "fc1.weight", Tensor.of(Shape.of(3, 1), DType.F64, 0, 0, 1),
                "fc1.bias", Tensor.of(Shape.of(3), DType.F64, -1, 1, 0)));
        assertThat(chain.idle(
                        weights,
                        Chain.joined(chain.network().network(), List.of(new double[] {-1, 2}, new double[] {3}))))
                .isEqualTo(new Chain.Idle(1, 1));
    }

    @Test
    void ranksAlongTrainingObeyTheirBoundsAndCaps() {
        TrainingStudy.Settings settings = TrainingStudy.Settings.quick();
        TrainingStudy.Results results = TrainingStudy.run(settings, () -> {});
        List<TrainingStudy.SetRank> all = new ArrayList<>(results.caveats().prefixes());
        results.runs().forEach(run -> {
            assertThat(run.moments())
                    .extracting(TrainingStudy.Moment::epoch)
                    .containsExactlyElementsOf(settings.epochs());
            run.moments().forEach(m -> {
                all.addAll(m.ranks());
                LocalIdentifiability c = m.conditions();
                assertThat(c.jacobianRank()).isLessThanOrEqualTo(c.pathRank());
            });
        });
        assertThat(all).allSatisfy(r -> {
            assertThat(r.rank()).isBetween(1, r.upper());
            assertThat(r.bound()).isLessThanOrEqualTo(results.parameters() - results.units());
        });
        assertThat(results.caveats().prefixes().getFirst().rank())
                .isLessThanOrEqualTo(settings.prefixes().getFirst() * results.outputs());
        assertThat(results.caveats().logits().bound()
                        - results.caveats().softmax().bound())
                .isEqualTo(settings.hidden().getLast() + 1);
    }

    @Test
    void singlePrecisionWithTheToleranceOfDoubleCountsMoreThanIsPossible() {
        List<FloatCase> cases = FloatCase.all(40);
        assertThat(cases.get(0).rank()).isEqualTo(cases.get(0).exact());
        assertThat(cases.get(1).rank()).isGreaterThan(cases.get(1).bound());
        assertThat(cases.get(2).rank()).isEqualTo(cases.get(2).exact());
    }

    @Test
    void architecturesHaveTheirKnownBoundsAndAttainThem() {
        GaugeStudy.Results results = GaugeStudy.run(GaugeStudy.Settings.quick(), () -> {});
        assertThat(results.rows()).hasSize(7).allSatisfy(row -> {
            assertThat(row.agrees()).as(row.text()).isTrue();
            assertThat(row.bound()).isEqualTo(row.parameters() - row.idle() - row.generators() - row.further());
        });
    }

    @Test
    void lawsAreAsManyAsPublished() {
        LawsStudy.Results results = LawsStudy.run(LawsStudy.Settings.quick(), () -> {});
        List<LawsStudy.Count> all = new ArrayList<>(results.relu());
        all.addAll(results.linear());
        all.addAll(results.named());
        assertThat(all)
                .hasSizeGreaterThan(20)
                .allSatisfy(c -> assertThat(c.laws()).as(c.text()).isEqualTo(c.expected()));
        assertThat(results.relu()).allMatch(LawsStudy.Count::proved);
    }
}
