package org.quotient.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.CounterRandom;
import org.quotient.proofs.generators.Family;
import org.quotient.proofs.generators.Layer;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Networks;

/** Counterexamples become small, whatever they are made of. */
class ShrinkingTest {

    @Property(seed = "20271", tries = 200, edgeCases = EdgeCasesMode.NONE)
    @Label("what is tried instead of a list of decisions is shorter or less, or changes nothing")
    void candidates(@ForAll @Size(max = 12) List<@IntRange(min = 0, max = 9) Integer> decisions) {
        assertThat(Shrinking.candidates(decisions))
                .allSatisfy(c -> assertThat(Shrinking.simpler(decisions, c)).isFalse());
        boolean simplest = decisions.stream().allMatch(d -> d == 0);
        assertThat(Shrinking.candidates(decisions).filter(c -> Shrinking.simpler(c, decisions)))
                .as("only the empty list has nothing simpler")
                .matches(c -> !c.isEmpty() || (simplest && decisions.isEmpty()));
    }

    @Property(seed = "20272", tries = 200, edgeCases = EdgeCasesMode.NONE)
    @Label("decisions replayed are the decisions made")
    void replay(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Choices random = Choices.random(CounterRandom.seeded(seed), 1);
        List<Integer> first = numbers(random);
        assertThat(numbers(Choices.replay(random.made()))).isEqualTo(first);
    }

    private static List<Integer> numbers(Choices choices) {
        List<Integer> numbers = new ArrayList<>();
        for (int n = choices.between(0, 8); n > 0; n--) {
            numbers.add(choices.below(100));
        }
        return numbers;
    }

    private static <I> Theorem<I> theorem(Generator<I> generator, Checker<I> neighbour) {
        return new Theorem<>(
                "some",
                new Claim<>("something true", i -> new Finding.Proved("it is so")),
                "x",
                "nobody",
                List.of(),
                new GeneratedInstances<>(List.of(), generator, 40, 40, i -> 0, Object::toString),
                Verdict.PROVED,
                new Claim<>("something false", neighbour));
    }

    @Test
    @DisplayName("lists of numbers below 50: the counterexample is the number 50 alone")
    void lists() {
        Theorem<List<Integer>> theorem = theorem(
                ShrinkingTest::numbers,
                list -> list.stream().allMatch(n -> n < 50)
                        ? new Finding.Supported("")
                        : new Finding.Refuted("too much"));
        assertThat(theorem.check(Level.QUICK, 1).neighbour().counterexample()).isEqualTo("[50]: too much");
    }

    @Test
    @DisplayName("a false statement on networks is refuted by few units and small integers")
    void networks() {
        Theorem<NetworkInstance> theorem = new Theorem<>(
                "some",
                new Claim<>("something true", i -> new Finding.Proved("it is so")),
                "x",
                "nobody",
                List.of(),
                new GeneratedInstances<>(
                        List.of(),
                        Networks.of(Family.values()),
                        60,
                        60,
                        i -> i.network().parameterCount(),
                        NetworkInstance::description),
                Verdict.PROVED,
                new Claim<>(
                        "the group has at most one generator",
                        i -> i.group().rank() <= 1
                                ? new Finding.Supported("")
                                : new Finding.Refuted(i.group().rank() + " generators")));
        String found = theorem.check(Level.QUICK, 3).neighbour().counterexample();
        assertThat(found).isEqualTo("1 → dense 2 → relu → dense 1 with w1 = [1, 1], w2 = [1, 1]: 2 generators");
    }

    @Test
    @DisplayName("a layer is told in words")
    void words() {
        assertThat(Layer.joined(List.of(new Layer.Dense(2, true), new Layer.Activation(0), new Layer.Again(true))))
                .isEqualTo("dense 2 + bias → relu → the last weight transposed");
    }
}
