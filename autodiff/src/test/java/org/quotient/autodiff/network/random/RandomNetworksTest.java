package org.quotient.autodiff.network.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.Network;

class RandomNetworksTest {
    private static final int DRAWS = 2_000;
    private static final double LEAST_SHARE = 0.06;

    /** Those that a property over random networks must have met often. */
    private static final List<Feature> REQUIRED =
            Arrays.asList(Feature.values()).subList(0, Feature.PRODUCT_OF_ACTIVATIONS.ordinal() + 1);

    @Test
    void everyRequiredFeatureIsFrequentAndEveryOtherOccurs() {
        Map<Feature, Integer> counts = new EnumMap<>(Feature.class);
        double[] parameters = new double[DRAWS];
        double[] paths = new double[DRAWS];
        for (int seed = 0; seed < DRAWS; seed++) {
            RandomNetwork drawn = RandomNetworks.draw(seed);
            drawn.features().forEach(f -> counts.merge(f, 1, Integer::sum));
            parameters[seed] = drawn.network().parameterCount();
            paths[seed] = PathBudget.of(drawn.network()).paths();
        }
        StringBuilder table = new StringBuilder("Features of " + DRAWS + " random networks:\n");
        for (Feature feature : Feature.values()) {
            double share = counts.getOrDefault(feature, 0) / (double) DRAWS;
            table.append(String.format(Locale.ROOT, "  %-28s %5.1f %%%n", feature, 100 * share));
        }
        table.append("  parameters: ").append(quartiles(parameters)).append('\n');
        table.append("  paths:      ").append(quartiles(paths)).append('\n');
        System.out.print(table);
        assertThat(REQUIRED).hasSize(9);
        for (Feature feature : REQUIRED) {
            assertThat(counts.getOrDefault(feature, 0)).as("%s", feature).isGreaterThanOrEqualTo((int)
                    (LEAST_SHARE * DRAWS));
        }
        assertThat(counts.keySet()).containsExactly(Feature.values());
        assertThat(DoubleStream.of(parameters).max().orElseThrow()).isLessThanOrEqualTo(RandomNetworks.PARAMETERS);
        assertThat(DoubleStream.of(paths).max().orElseThrow()).isLessThanOrEqualTo(RandomNetworks.PATHS);
    }

    private static String quartiles(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return IntStream.of(0, 25, 50, 75, 95, 100)
                .mapToObj(q -> q + " %: " + (long) sorted[(sorted.length - 1) * q / 100])
                .toList()
                .toString();
    }

    @Test
    void allDrawsEvaluateToFiniteNumbersWithBatchesOfOneAndThree() {
        for (int seed = 0; seed < DRAWS; seed++) {
            RandomNetwork drawn = RandomNetworks.draw(seed, (seed % 5) / 4.0);
            for (int batch : new int[] {1, 3}) {
                for (Tensor output : drawn.model().evaluate(drawn.inputs(batch, seed))) {
                    assertThat(output.maxAbs()).as("%s", drawn).isFinite();
                    assertThat(output.shape().size(0)).isEqualTo(batch);
                }
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameNetworkAndWeights() {
        for (int seed = 0; seed < 100; seed++) {
            RandomNetwork one = RandomNetworks.draw(seed);
            RandomNetwork two = RandomNetworks.draw(seed);
            assertThat(two.features()).isEqualTo(one.features());
            List<Tensor> inputs = one.inputs(2, 5);
            List<Tensor> left = one.model().evaluate(inputs);
            List<Tensor> right = two.model().evaluate(two.inputs(2, 5));
            for (int i = 0; i < left.size(); i++) {
                assertThat(left.get(i).sameBits(right.get(i))).isTrue();
            }
        }
    }

    @Test
    void weightsAreSmallNonzeroDyadicNumbers() {
        for (int seed = 0; seed < 300; seed++) {
            RandomNetwork drawn = RandomNetworks.draw(seed);
            for (Expr parameter : drawn.network().parameters()) {
                for (double value : drawn.model().weights().get(parameter).data()) {
                    assertThat(value).isNotZero().isBetween(-3.0, 3.0);
                    assertThat(8 * value).isEqualTo(Math.rint(8 * value));
                }
            }
        }
    }

    @Test
    void everyDrawHasALiveParameterAndDeadOnesOnlyUnderTheFeature() {
        for (int seed = 0; seed < 500; seed++) {
            RandomNetwork drawn = RandomNetworks.draw(seed);
            List<Expr> live = Graph.variables(drawn.network().outputs(), Op.Role.PARAMETER);
            assertThat(live).isNotEmpty();
            assertThat(live.size() < drawn.network().parameters().size()).isEqualTo(drawn.has(Feature.DEAD_BRANCH));
        }
    }

    /** What the graph itself shows, against what the generator says. */
    @Test
    void aFeatureThatIsClaimedIsInTheGraphAndOneInTheGraphIsNearlyAlwaysClaimed() {
        Map<Feature, Predicate<Network>> shown = new EnumMap<>(Map.of(
                Feature.WEIGHT_REUSED_ALONG_A_PATH,
                RandomNetworksTest::reusesAlongAPath,
                Feature.NORMALISATION,
                has(n -> n.op() instanceof Op.Standardise || n.op() instanceof Op.StandardiseWith),
                Feature.ATTENTION,
                has(n -> n.op() instanceof Op.Softmax),
                Feature.GROUPS,
                has(n -> n.op() instanceof Op.Conv c && c.groups() > 1),
                Feature.STRIDE_WITH_PADDING,
                has(n -> windowOf(n).filter(RandomNetworksTest::strides).isPresent()),
                Feature.DEAD_TAPS,
                has(RandomNetworksTest::hasDeadTaps),
                Feature.CONCAT_OF_TIED_CHANNELS,
                has(n -> n.op() instanceof Op.Concat),
                Feature.SLICE,
                has(n -> n.op() instanceof Op.Slice || n.op() instanceof Op.Gather),
                Feature.POOL_OVER_UNITS,
                has(n -> n.op() instanceof Op.Reduce
                        || (n.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.MAX)),
                Feature.PRODUCT_OF_ACTIVATIONS,
                has(n -> n.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.MUL
                        || n.op() instanceof Op.Einsum)));
        Set<Feature> exact = EnumSet.of(
                Feature.WEIGHT_REUSED_ALONG_A_PATH,
                Feature.NORMALISATION,
                Feature.ATTENTION,
                Feature.GROUPS,
                Feature.STRIDE_WITH_PADDING,
                Feature.DEAD_TAPS);
        Map<Feature, Integer> unclaimed = new EnumMap<>(Feature.class);
        for (int seed = 0; seed < DRAWS / 2; seed++) {
            RandomNetwork drawn = RandomNetworks.draw(seed);
            shown.forEach((feature, predicate) -> {
                boolean inGraph = predicate.test(drawn.network());
                if (drawn.has(feature)) {
                    assertThat(inGraph).as("%s in %s", feature, drawn).isTrue();
                } else if (inGraph && exact.contains(feature)) {
                    unclaimed.merge(feature, 1, Integer::sum); // in the graph, but on no path
                }
            });
        }
        assertThat(unclaimed.values()).allMatch(count -> count < DRAWS / 80);
    }

    private static Predicate<Network> has(Predicate<Expr> node) {
        return network -> Graph.topological(network.outputs()).stream().anyMatch(node);
    }

    /** Whether a use of a parameter lies behind another use of it. */
    private static boolean reusesAlongAPath(Network network) {
        for (Expr parameter : network.parameters()) {
            Set<Expr> behind = new HashSet<>();
            for (Expr node : Graph.topological(network.outputs())) {
                boolean uses = node.operands().contains(parameter);
                boolean afterUse = node.operands().stream().anyMatch(behind::contains);
                boolean slope = node.op() instanceof Op.Broadcast;
                if (uses && afterUse && !slope) {
                    return true;
                }
                if ((uses && !slope) || afterUse) {
                    behind.add(node);
                }
            }
        }
        return false;
    }

    private record Sized(Window window, int height, int width) {}

    private static Optional<Sized> windowOf(Expr node) {
        return switch (node.op()) {
            case Op.Conv c -> Optional.of(new Sized(c.window(), c.height(), c.width()));
            case Op.Pool p -> Optional.of(new Sized(p.window(), p.height(), p.width()));
            default -> Optional.empty();
        };
    }

    private static boolean strides(Sized s) {
        return (s.window().strideHeight() > 1 && s.window().padTop() > 0 && s.height() > 1)
                || (s.window().strideWidth() > 1 && s.window().padLeft() > 0 && s.width() > 1);
    }

    /** Whether a row or a column of the kernel meets the image at no output. */
    private static boolean hasDeadTaps(Expr node) {
        if (!(node.op() instanceof Op.Conv c)) {
            return false;
        }
        for (int i = 0; i < c.window().kernelHeight(); i++) {
            boolean live = false;
            for (int y = 0; y < c.window().outputHeight(c.height()); y++) {
                int row = c.window().inputRow(y, i);
                live |= row >= 0 && row < c.height();
            }
            if (!live) {
                return true;
            }
        }
        for (int j = 0; j < c.window().kernelWidth(); j++) {
            boolean live = false;
            for (int x = 0; x < c.window().outputWidth(c.width()); x++) {
                int column = c.window().inputColumn(x, j);
                live |= column >= 0 && column < c.width();
            }
            if (!live) {
                return true;
            }
        }
        return false;
    }

    @Test
    void smallerSizesMakeSmallerNetworks() {
        double[] sizes = {0, 0.5, 1};
        double[] nodes = DoubleStream.of(sizes)
                .map(size -> IntStream.range(0, 300)
                        .map(seed -> Graph.topological(RandomNetworks.draw(seed, size)
                                        .network()
                                        .outputs())
                                .size())
                        .average()
                        .orElseThrow())
                .toArray();
        assertThat(nodes).isSortedAccordingTo(Comparator.naturalOrder());
        assertThat(nodes[0]).isLessThan(nodes[2] / 2);
    }

    @Test
    void sizeAndEpsilonOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RandomNetworks.draw(0, 1.5))
                .withMessageContaining("1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RandomNetworks.draw(CounterRandom.seeded(0), 1, 0))
                .withMessageContaining("epsilon");
    }
}
