package org.quotient.geometry.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.autodiff.network.Model;

/** Twenty networks with rational weights and points, whose ranks were found over the rationals. */
class RankOraclesTest {
    static List<RankOracle> oracles() {
        return RankOracle.all();
    }

    @Test
    void thereAreTwenty() {
        assertThat(oracles()).hasSize(20);
    }

    @ParameterizedTest
    @MethodSource("oracles")
    void theRankOnTheGivenPointsIsTheListedOne(RankOracle oracle) {
        Model model = oracle.model();
        FunctionalRank rank = FunctionalDimension.of(model).batch(oracle.pointsOf(model));
        assertThat(rank.parameters()).isEqualTo(oracle.parameters());
        assertThat(rank.bound()).isEqualTo(oracle.bound());
        assertThat(rank.rejected()).isZero();
        assertThat(rank.rank()).isEqualTo(oracle.rank());
    }
}
