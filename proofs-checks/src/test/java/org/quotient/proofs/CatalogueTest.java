package org.quotient.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.proofs.catalogue.ActionTheorem;
import org.quotient.proofs.catalogue.Catalogue;
import org.quotient.proofs.catalogue.DimensionTheorem;
import org.quotient.proofs.generators.Layer;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Sketch;

/** What the catalogue says of real networks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatalogueTest {
    /** Enough of the quick level for every neighbour to be refuted. */
    private static final int INSTANCES = 35;

    private static final Layer RELU = new Layer.Activation(0);
    private static final Layer ONE = new Layer.Dense(1, false);

    private Stream<Theorem<?>> theorems() {
        return Catalogue.theorems().stream();
    }

    @ParameterizedTest
    @MethodSource("theorems")
    @DisplayName("every theorem of the catalogue has its expected verdict, and its neighbour a counterexample")
    void asExpected(Theorem<?> theorem) {
        Outcome outcome = theorem.check(Level.QUICK, 0, INSTANCES);
        assertThat(outcome.asExpected()).as(outcome.toString()).isTrue();
        assertThat(outcome.result().counterexample() == null).isEqualTo(outcome.expected() != Verdict.REFUTED);
        assertThat(outcome.neighbour().counterexample()).isNotBlank();
    }

    @Test
    @DisplayName("the statements are worded, have a source and differ from their neighbours; ids are unique")
    void wellFormed() {
        assertThat(Catalogue.theorems()).hasSizeGreaterThanOrEqualTo(20).allSatisfy(t -> {
            assertThat(t.claim().statement())
                    .isNotBlank()
                    .isNotEqualTo(t.neighbour().statement());
            assertThat(t.source()).isNotBlank();
            assertThat(t.latex()).isNotBlank();
        });
        List<String> ids =
                Catalogue.theorems().stream().<String>map(Theorem::id).toList();
        assertThat(ids).doesNotHaveDuplicates();
    }

    private static NetworkInstance builtIn(String spec) {
        return NetworkInstance.of(spec, BuiltIns.model(spec, 0));
    }

    private static Finding dimension(NetworkInstance instance) {
        return DimensionTheorem.theorem().claim().checker().check(instance);
    }

    private static Finding units(NetworkInstance instance) {
        return DimensionTheorem.theorem().neighbour().checker().check(instance);
    }

    @Test
    @DisplayName("2-2-2 has rank 6 = 8 − 2; a tied residual network of width 1 has rank 2 = 3 − 1, not 3 − 2")
    void workedRanks() {
        NetworkInstance square = builtIn("mlp:2-2-2,bias=false");
        assertThat(dimension(square)).isEqualTo(new Finding.Proved("rank 6 of 8 paths = 8 live − 2 generators"));
        assertThat(units(square)).isEqualTo(new Finding.Proved("rank 6 of 8 paths = 8 live − 2 hidden units"));
        NetworkInstance tied =
                NetworkInstance.of(Sketch.of(1, ONE, RELU, new Layer.Residual(List.of(ONE)), RELU, ONE), 1, 1, 1);
        assertThat(dimension(tied)).isEqualTo(new Finding.Proved("rank 2 of 2 paths = 3 live − 1 generators"));
        assertThat(units(tied)).isEqualTo(new Finding.Refuted("rank 2 of 2 paths, but 3 live − 2 hidden units = 1"));
        NetworkInstance open = NetworkInstance.of(Sketch.of(1, ONE, RELU, new Layer.Residual(List.of(ONE))), 1, 1);
        assertThat(units(open)).isEqualTo(new Finding.Refuted("rank 2 of 2 paths, but 2 live − 1 hidden units = 1"));
    }

    @Test
    @DisplayName("what cannot be enumerated fails a hypothesis, and so does reuse for the neighbour")
    void notApplicable() {
        Hypothesis<NetworkInstance> enumerable =
                DimensionTheorem.theorem().hypotheses().get(1);
        assertThat(enumerable.holds().test(builtIn("lenet-5"))).isFalse();
        assertThat(enumerable.holds().test(builtIn("mlp:2-2-2"))).isTrue();
        assertThat(units(builtIn("rnn:1-2-1,steps=3")))
                .isEqualTo(new Finding.NotApplicable("each weight is used once"));
        Hypothesis<NetworkInstance> negligible =
                ActionTheorem.theorem().hypotheses().get(1);
        assertThat(negligible.holds().test(builtIn("mlp:2-3-2,bn=true"))).isFalse();
    }

    @Test
    @DisplayName("a flipped sign changes a ReLU network")
    void negativeScales() {
        NetworkInstance relu = builtIn("mlp:3-4-4-2");
        assertThat(ActionTheorem.theorem().neighbour().checker().check(relu)).isInstanceOf(Finding.Refuted.class);
        assertThat(ActionTheorem.theorem().claim().checker().check(relu)).isInstanceOf(Finding.Supported.class);
    }
}
