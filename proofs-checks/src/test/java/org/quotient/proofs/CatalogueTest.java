package org.quotient.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.proofs.catalogue.ActionTheorem;
import org.quotient.proofs.catalogue.Catalogue;
import org.quotient.proofs.catalogue.DimensionTheorem;
import org.quotient.proofs.catalogue.NetworkInstance;
import org.quotient.proofs.catalogue.NetworkInstances;

/** What the catalogue says of real networks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatalogueTest {

    private Stream<Theorem<?>> theorems() {
        return Catalogue.theorems().stream();
    }

    @ParameterizedTest
    @MethodSource("theorems")
    @DisplayName("every theorem of the catalogue has its expected verdict, and its neighbour a counterexample")
    void asExpected(Theorem<?> theorem) {
        Outcome outcome = theorem.check(Level.QUICK, 0);
        assertThat(outcome.asExpected()).as(outcome.toString()).isTrue();
        assertThat(outcome.result().counterexample()).isNull();
        assertThat(outcome.neighbour().counterexample()).isNotBlank();
    }

    private static NetworkInstance instance(String name) {
        return new NetworkInstances()
                .draw(Level.QUICK, 0)
                .filter(i -> i.description().startsWith(name))
                .findFirst()
                .orElseThrow();
    }

    private static Finding dimension(String name) {
        return DimensionTheorem.theorem().claim().checker().check(instance(name));
    }

    private static Finding units(String name) {
        return DimensionTheorem.theorem().neighbour().checker().check(instance(name));
    }

    @Test
    @DisplayName("2-2-2 has rank 6 = 8 − 2; a tied residual network of width 1 has rank 2 = 3 − 1, not 3 − 2")
    void workedRanks() {
        assertThat(dimension("mlp:2-2-2,bias=false"))
                .isEqualTo(new Finding.Proved("rank 6 of 8 paths = 8 live − 2 generators"));
        assertThat(units("mlp:2-2-2,bias=false"))
                .isEqualTo(new Finding.Proved("rank 6 of 8 paths = 8 live − 2 hidden units"));
        assertThat(dimension("residual network a = relu(s x), y"))
                .isEqualTo(new Finding.Proved("rank 2 of 2 paths = 3 live − 1 generators"));
        assertThat(units("residual network a = relu(s x), y"))
                .isEqualTo(new Finding.Refuted("rank 2 of 2 paths, but 3 live − 2 hidden units = 1"));
        assertThat(units("residual network a = relu(s x), output a"))
                .isEqualTo(new Finding.Refuted("rank 2 of 2 paths, but 2 live − 1 hidden units = 1"));
        assertThat(dimension("residual network: stem"))
                .isEqualTo(new Finding.Proved("rank 8 of 10 paths = 12 live − 4 generators"));
        assertThat(dimension("1x4x4")).isEqualTo(new Finding.Proved("rank 22 of 216 paths = 24 live − 2 generators"));
    }

    @Test
    @DisplayName("what cannot be enumerated fails a hypothesis, and so does reuse for the neighbour")
    void notApplicable() {
        Hypothesis<NetworkInstance> enumerable =
                DimensionTheorem.theorem().hypotheses().get(1);
        assertThat(enumerable.holds().test(instance("lenet-5"))).isFalse();
        assertThat(enumerable.holds().test(instance("mlp:2-2-2"))).isTrue();
        assertThat(units("rnn:1-2-1,steps=3")).isEqualTo(new Finding.NotApplicable("each weight is used once"));
        Hypothesis<NetworkInstance> negligible =
                ActionTheorem.theorem().hypotheses().get(1);
        assertThat(negligible.holds().test(instance("mlp:2-3-2,bn=true"))).isFalse();
    }

    @Test
    @DisplayName("a flipped sign changes a ReLU network")
    void negativeScales() {
        NetworkInstance relu = instance("mlp:3-4-4-2");
        assertThat(ActionTheorem.theorem().neighbour().checker().check(relu)).isInstanceOf(Finding.Refuted.class);
        assertThat(ActionTheorem.theorem().claim().checker().check(relu)).isInstanceOf(Finding.Supported.class);
    }
}
