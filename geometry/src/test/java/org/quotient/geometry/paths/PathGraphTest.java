package org.quotient.geometry.paths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.TestNetworks;

/** Operations beyond layers: normalisation, products, quotients, cuts, selections; sizes and limits. */
class PathGraphTest {
    private static final Expr W = Expr.parameter("w", DType.F64, Shape.of(2));
    private static final Expr X = Expr.input("x", DType.F64, Shape.of(Shape.N, 2));

    private static PathGraph graph(Network network) {
        return PathGraph.of(network, new BitSet());
    }

    private static Network ofOutput(Expr... outputs) {
        return new Network("net", List.of(X), List.of(W), List.of(), List.of(outputs));
    }

    /** live / rank, by elimination and by enumeration. */
    private static List<Integer> liveAndRank(Network network) {
        EliminatedRank eliminated = EliminatedRank.of(graph(network));
        EnumeratedRank enumerated = EnumeratedRank.of(graph(network));
        assertThat(eliminated.rank()).isEqualTo(enumerated.rank());
        assertThat(eliminated.live()).isEqualTo(enumerated.live());
        return List.of(eliminated.live(), eliminated.rank());
    }

    private static Set<String> monomials(Network network) {
        return Monomials.of(graph(network), 1000).stream()
                .map(m -> m.kind() + " " + m.vector())
                .collect(Collectors.toSet());
    }

    // ---- Normalisation

    /** Each channel has one scale before its normalisation and one after it: rank A + rank B = live + channels. */
    @Test
    void batchNormalisationFreesOneScaleForEachChannel() {
        Network net = TestNetworks.batchNormMlp(2, 3, 2);
        assertThat(liveAndRank(net)).isEqualTo(List.of(6 + 6 + 6, 18 - 3 - 3));
        assertThat(graph(net).scaleGroupCount()).isEqualTo(3);
        assertThat(graph(net).pathCount()).isEqualTo(BigInteger.valueOf(6 + 12));
    }

    @Test
    void layerNormalisationFreesOneScale() {
        Network net = TestNetworks.layerNormMlp(2, 3, 2);
        assertThat(liveAndRank(net)).isEqualTo(List.of(18, 18 - 1 - 3));
        assertThat(graph(net).scaleGroupCount()).isEqualTo(1);
    }

    @Test
    void runningStatisticsCountAsThoseOfTheBatch() {
        Network net = BuiltIns.network("mlp:2-3-2,bn=true,bias=false").network();
        assertThat(liveAndRank(net)).isEqualTo(List.of(18, 12));
    }

    // ---- Slopes, gates, attention, quotients, cuts

    @Test
    void aSlopeIsACoordinateAndNoPath() {
        Network net = TestNetworks.preluMlp(2, 3, 1);
        assertThat(liveAndRank(net)).isEqualTo(List.of(12, 6 + 3));
        assertThat(graph(net).pathCount()).isEqualTo(BigInteger.valueOf(6));
        assertThat(graph(net).pathCount(Set.of(SinkKind.SLOPE))).isEqualTo(BigInteger.valueOf(3));
    }

    @Test
    void bothFactorsOfAGateHaveTheirOwnScale() {
        Network net = TestNetworks.gatedMlp(2, 3, 1);
        assertThat(liveAndRank(net)).isEqualTo(List.of(15, 15 - 6));
        assertThat(graph(net).pathCount()).isEqualTo(BigInteger.valueOf(3 * 2 * 2));
    }

    @Test
    void queriesTradeScaleWithKeysAndValuesWithTheOutputMap() {
        assertThat(liveAndRank(TestNetworks.attention(2, 2, 2, 1))).isEqualTo(List.of(12, 12 - 2 - 1));
    }

    @Test
    void aCutPinsWhatItReads() {
        assertThat(liveAndRank(TestNetworks.activated(Op.UnaryKind.TANH, 2, 3, 2)))
                .isEqualTo(List.of(12, 12));
        assertThat(liveAndRank(TestNetworks.activated(Op.UnaryKind.STEP, 2, 3, 2)))
                .isEqualTo(List.of(12, 12 - 3));
        assertThat(liveAndRank(TestNetworks.activated(Op.UnaryKind.ABS, 2, 3, 2)))
                .isEqualTo(List.of(12, 12 - 3));
    }

    @Test
    void rootsHalveAndPowersMultiplyExponents() {
        PathGraph root = graph(TestNetworks.activated(Op.UnaryKind.SQRT, 1, 1, 1));
        assertThat(Monomials.of(root, 10).scale()).isEqualTo(2);
        assertThat(monomials(TestNetworks.activated(Op.UnaryKind.SQRT, 1, 1, 1)))
                .containsOnly("OUTPUT θ0·θ1^2");
        assertThat(liveAndRank(TestNetworks.activated(Op.UnaryKind.SQRT, 2, 3, 2)))
                .isEqualTo(List.of(12, 9));
        // U/V^3 and the last layer: two scales for each unit; a summand 1 ties one of them.
        assertThat(liveAndRank(TestNetworks.quotient(2, 3, false))).isEqualTo(List.of(10, 10 - 4));
        assertThat(liveAndRank(TestNetworks.quotient(2, 3, true))).isEqualTo(List.of(10, 10 - 2));
        assertThat(monomials(TestNetworks.quotient(1, 1.5, false)))
                .contains("OUTPUT θ0^2·θ2^-3·θ4^2", "OUTPUT θ0^2·θ3^-3·θ4^2");
    }

    /** One half is no whole number: the rank is a proven lower bound, taken modulo two primes. */
    @Test
    void fractionsAreTakenModuloTwoPrimes() {
        EliminatedRank rank = EliminatedRank.of(graph(TestNetworks.activated(Op.UnaryKind.SQRT, 2, 3, 2)));
        assertThat(rank.exact()).isFalse();
        assertThat(rank.primes()).containsExactly(2_147_483_647, 2_147_483_629);
    }

    @Test
    void anExponentThatIsNoSmallFractionCuts() {
        assertThat(liveAndRank(TestNetworks.quotient(2, Math.PI, false))).isEqualTo(List.of(10, 10 - 2));
    }

    @Test
    void anElementWithItsInverseStaysLiveAndFree() {
        assertThat(liveAndRank(ofOutput(X.times(W.over(W))))).isEqualTo(List.of(2, 0));
    }

    // ---- Structural zeros and what is felt

    @Test
    void aProductWithAStructuralZeroVanishes() {
        Expr mask = Expr.constant(Tensor.of(Shape.of(2), 0, 3));
        assertThat(monomials(ofOutput(X.times(W).times(mask)))).containsOnly("OUTPUT θ1");
    }

    @Test
    void removedParametersActAsZeros() {
        BitSet removed = new BitSet();
        removed.set(0);
        PathGraph graph = PathGraph.of(ofOutput(X.times(W)), removed);
        assertThat(graph.live()).isEqualTo(BitSet.valueOf(new long[] {2}));
        assertThat(graph.pathCount()).isEqualTo(BigInteger.ONE);
    }

    /** The tangent of w_0 is computed and then dropped: w_0 is dead, and nothing pins it. */
    @Test
    void aCutWhoseResultIsDroppedIsNoSink() {
        Expr dropped = Ops.slice(Ops.tanh(X.times(W)), 1, 1, 2);
        assertThat(monomials(ofOutput(dropped))).containsOnly("CUT θ1", "OUTPUT 1");
    }

    @Test
    void theLargestOfAWindowIsSelectedByRatiosWithinIt() {
        Expr image = X.times(W).reshape(Shape.N, 1, 1, 2);
        Window window = new Window(1, 2, 1, 2, 0, 0, 0, 0, 1, 1);
        Expr selected = Expr.of(new Op.Pool(Op.PoolKind.MAX_SELECT, window, 1, 2), image, image);
        assertThat(liveAndRank(ofOutput(selected))).isEqualTo(List.of(2, 2));
        Expr constant = Ops.fullLike(image, 1);
        Expr indicator = Expr.of(new Op.Pool(Op.PoolKind.MAX_SELECT, window, 1, 2), image, constant);
        assertThat(liveAndRank(ofOutput(indicator))).isEqualTo(List.of(2, 1));
        Expr first = Expr.of(new Op.Reduce(Op.ReduceKind.FIRST_MAX, List.of(3)), image);
        assertThat(liveAndRank(ofOutput(first))).isEqualTo(List.of(2, 1));
    }

    // ---- Sizes

    @Test
    void theBudgetIsKept() {
        assertThatThrownBy(() -> PathGraph.of(TestNetworks.mlp(30, 30, 30), new BitSet(), 1000))
                .isInstanceOfSatisfying(
                        TooLargeException.class, e -> assertThat(e.reached()).isEqualTo(1001))
                .hasMessageContaining("1000 terms");
        assertThatThrownBy(() -> EnumeratedRank.of(graph(TestNetworks.mlp(30, 30, 30)), 1000))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("27000 paths")
                .hasMessageContaining("EliminatedRank");
    }

    @Test
    void pathsOfDeepNetworksAreCountedWithoutEnumeration() {
        int[] widths = new int[41];
        Arrays.fill(widths, 10);
        assertThat(graph(TestNetworks.mlp(widths)).pathCount()).isEqualTo(BigInteger.TEN.pow(41));
    }

    /** Every hidden unit and every channel has one scale. */
    @Test
    void largerNetworksNeedNoMoreThanSeconds() {
        Network lenet = BuiltIns.network("lenet-5").network();
        EliminatedRank rank = EliminatedRank.of(graph(lenet));
        assertThat(rank.live()).isEqualTo(61706);
        assertThat(rank.symmetries()).isEqualTo(6 + 16 + 120 + 84);
        assertThat(rank.exact()).isTrue();
        EliminatedRank mlp =
                EliminatedRank.of(graph(BuiltIns.network("mlp:784-512-512-10").network()));
        assertThat(mlp.symmetries()).isEqualTo(1024);
        assertThat(mlp.live()).isEqualTo(669706);
    }
}
