package org.quotient.proofs.generators;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Shrinkable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.DimensionCount;
import org.quotient.proofs.Choices;
import org.quotient.proofs.Generator;

/** The generators of the catalogue as arbitraries of jqwik, which shrink by their decisions. */
class GeneratorsTest {
    private static final int DECISIONS = 300;

    /** Any generator as an arbitrary. */
    private static <I> Arbitrary<I> arbitrary(Generator<I> generator) {
        return Arbitraries.integers()
                .between(0, 1023)
                .list()
                .ofMaxSize(DECISIONS)
                .map(decisions -> generator.draw(Choices.replay(decisions)));
    }

    @Provide
    Arbitrary<NetworkInstance> networks() {
        return arbitrary(Networks.of(Family.values()));
    }

    @Provide
    Arbitrary<NetworkInstance> withZeros() {
        return arbitrary(Networks.of(Family.MLP, Family.CNN, Family.RESIDUAL).withZeros());
    }

    @Property(seed = "20281", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("networks compute finite outputs, and their weights are small integers other than 0")
    void smallNumbers(@ForAll("networks") NetworkInstance i) {
        assertThat(i.model().evaluate(i.data().inputs()).getFirst().maxAbs()).isFinite();
        for (Expr p : i.network().parameters()) {
            assertThat(i.weights().get(p).data())
                    .satisfies(w -> assertThat(
                                    Arrays.stream(w).allMatch(x -> x == Math.rint(x) && x != 0 && Math.abs(x) <= 3))
                            .isTrue());
        }
    }

    @Property(seed = "20282", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("the rescaling of an instance moves its weights and keeps its function bit for bit")
    void rescaling(@ForAll("networks") NetworkInstance i) {
        Tensor before = i.model().evaluate(i.data().inputs()).getFirst();
        Tensor after = i.model().at(i.rescaled()).evaluate(i.data().inputs()).getFirst();
        assertThat(after.sameBits(before)).as(i.description()).isTrue();
        boolean moved = i.network().parameters().stream()
                .anyMatch(p -> !i.rescaled().get(p).sameBits(i.weights().get(p)));
        assertThat(moved).isEqualTo(i.group().rank() > 0);
    }

    @Property(seed = "20283", tries = 100, edgeCases = EdgeCasesMode.NONE)
    @Label("the dimension of every network of every family is certified")
    void certified(@ForAll("networks") NetworkInstance i) {
        assertThat(DimensionCount.of(i.group()).certificate().proved())
                .as(i.description())
                .isTrue();
    }

    @Property(seed = "20284", tries = 100, edgeCases = EdgeCasesMode.NONE)
    @Label("zeros change weights to 0 and nothing else")
    void zeros(@ForAll("withZeros") NetworkInstance i) {
        for (Expr p : i.network().parameters()) {
            assertThat(Arrays.stream(i.weights().get(p).data()).allMatch(x -> x == Math.rint(x) && Math.abs(x) <= 3))
                    .isTrue();
        }
    }

    @Example
    @Label("an arbitrary shrinks to few units and small integers")
    void shrinks() {
        NetworkInstance found = falsified(
                arbitrary(Networks.of(Family.values())), i -> i.group().rank() < 2);
        assertThat(found.network().parameterCount()).isLessThanOrEqualTo(4);
        assertThat(found.network().parameters())
                .allSatisfy(p -> assertThat(found.weights().get(p).data()).containsOnly(1));
        NetworkInstance zero = falsified(
                arbitrary(Networks.of(Family.MLP, Family.CNN).withZeros()),
                i -> i.network().parameters().stream()
                        .allMatch(p -> Arrays.stream(i.weights().get(p).data()).allMatch(x -> x != 0)));
        assertThat(zero.network().parameterCount()).isEqualTo(2);
    }

    /** What is left of the first counterexample when no shrinking step leads to another. */
    private static NetworkInstance falsified(Arbitrary<NetworkInstance> arbitrary, Predicate<NetworkInstance> holds) {
        Random random = new Random(7);
        var generator = arbitrary.generator(1000);
        Shrinkable<NetworkInstance> best = generator.next(random);
        while (holds.test(best.value())) {
            best = generator.next(random);
        }
        for (Optional<Shrinkable<NetworkInstance>> next = Optional.of(best); next.isPresent(); ) {
            Shrinkable<NetworkInstance> current = best;
            next = current.shrink()
                    .filter(s -> s.distance().compareTo(current.distance()) < 0)
                    .filter(s -> !holds.test(s.value()))
                    .findFirst();
            best = next.orElse(best);
        }
        return best.value();
    }

    @Property(seed = "20285", tries = 60, edgeCases = EdgeCasesMode.NONE)
    @Label("no decisions at all give the smallest network of a family")
    void smallest(@ForAll Family family) {
        Sketch sketch = family.draw(Choices.replay(List.of()), 3);
        assertThat(sketch.network().parameterCount()).isLessThanOrEqualTo(6);
    }
}
