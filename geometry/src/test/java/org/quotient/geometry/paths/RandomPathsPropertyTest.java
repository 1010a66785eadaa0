package org.quotient.geometry.paths;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.random.RandomNetworks;

/** What must hold on any graph, with any parameters removed. */
class RandomPathsPropertyTest {

    private static BitSet some(Network network, long seed, int oneIn) {
        CounterRandom random = CounterRandom.seeded(seed);
        BitSet chosen = new BitSet();
        for (int i = 0; i < network.parameterCount(); i++) {
            chosen.set(i, random.below(i, oneIn) == 0);
        }
        return chosen;
    }

    @Property(seed = "20261", tries = 600)
    void eliminationAgreesWithEnumeration(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        Network network = RandomNetworks.draw(seed).network();
        BitSet removed = seed % 3 == 0 ? some(network, seed, 5) : new BitSet();
        PathGraph graph = PathGraph.of(network, removed);
        EnumeratedRank listed = EnumeratedRank.of(graph);
        EliminatedRank eliminated = EliminatedRank.of(graph);
        assertThat(eliminated.rank()).isEqualTo(listed.rank());
        assertThat(eliminated.live()).isEqualTo(listed.live());
        assertThat(listed.exact()).isTrue();
    }

    @Property(seed = "20261", tries = 300)
    void liveParametersAreThoseThatOccurInAPath(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        Network network = RandomNetworks.draw(seed).network();
        PathGraph graph = PathGraph.of(network, some(network, seed, 4));
        BitSet occurring = new BitSet();
        long[] counted = {0};
        Monomials.of(graph, 200_000).stream().forEach(m -> {
            counted[0] += m.kind().counted() ? 1 : 0;
            for (int i = 0; i < m.vector().size(); i++) {
                occurring.set(m.vector().element(i));
            }
        });
        assertThat(graph.live()).isEqualTo(occurring);
        assertThat(graph.pathCount()).isEqualTo(BigInteger.valueOf(counted[0]));
    }

    @Property(seed = "20261", tries = 300)
    void theJacobianRankNeedsNoEnumeration(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        Network network = RandomNetworks.draw(seed).network();
        PathGraph graph = PathGraph.of(network, new BitSet());
        Monomials monomials = Monomials.of(graph, 20_000);
        Assume.that(graph.scaleGroupCount() == 0 && monomials.scale() == 1);
        List<PathVector> rows =
                monomials.stream().map(Monomial::vector).distinct().toList();
        int m = graph.parameterCount();
        for (int oneIn = 2; oneIn < 12; oneIn += 3) {
            BitSet zeros = some(network, seed + oneIn, oneIn);
            assertThat(PathLiftingRank.of(graph, zeros).rank())
                    .as("zeros at %s", zeros)
                    .isEqualTo(PathLiftingRankTest.jacobianRank(rows, m, zeros, oneIn));
        }
    }
}
