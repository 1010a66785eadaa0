package org.quotient.interop.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.Shape;
import org.quotient.interop.InteropException;

@DisplayName("The leading size of the inputs is the batch unless an operator forbids it")
class BatchTest {
    private static final int N = -1;

    private static Shape output(Graphs graph) {
        return Graphs.read(graph.model()).model().network().outputs().get(0).shape();
    }

    @Test
    @DisplayName("a fixed 2 is N, also where a Reshape repeats it")
    void reshaped() {
        assertThat(output(Graphs.of(13, 2, 3, 4).ints("s", 2, -1).node("Reshape x s -> y")))
                .isEqualTo(Shape.of(N, 12));
        assertThat(output(Graphs.of(13, 2, 3, 4).ints("s", -1, 12).node("Reshape x s -> y")))
                .isEqualTo(Shape.of(N, 12));
        assertThat(output(Graphs.of(13, 1, 3, 4).ints("s", 1, 4, 3).node("Reshape x s -> y")))
                .isEqualTo(Shape.of(N, 4, 3));
    }

    @Test
    @DisplayName("a Reshape that merges it with other axes fixes it")
    void merged() {
        assertThat(output(Graphs.of(13, 2, 3, 4).ints("s", 6, 4).node("Reshape x s -> y")))
                .isEqualTo(Shape.of(6, 4));
        assertThat(output(Graphs.of(13, 2, 3).weight("w", 2, 3).node("Mul x w -> y")))
                .isEqualTo(Shape.of(2, 3));
        assertThat(output(Graphs.of(13, 1, 3).node("Squeeze x -> y"))).isEqualTo(Shape.of(3));
    }

    @Test
    @DisplayName("a symbolic batch that is merged with other axes is read as a batch of one")
    void symbolic() {
        assertThat(output(Graphs.of(13, N, 3, 4).ints("s", -1, 2).node("Reshape x s -> y")))
                .isEqualTo(Shape.of(6, 2));
        assertThatThrownBy(() -> output(Graphs.of(13, N, 3, 4).ints("s", 24).node("Reshape x s -> y")))
                .isInstanceOf(InteropException.class)
                .hasMessageContaining("Reshape node 'n0'")
                .hasMessageContaining("the batch N must stay the leading axis");
    }

    @Test
    @DisplayName("a state of zeros for the batch is made for N")
    void zeros() {
        Graphs graph = Graphs.of(15, N, 3)
                .ints("three", 3)
                .node("Shape x -> n", Attributes.of("end", 1))
                .node("Concat n three -> s", Attributes.of("axis", 0))
                .node("ConstantOfShape s -> z")
                .node("Add x z -> y");
        assertThat(output(graph)).isEqualTo(Shape.of(N, 3));
    }

    @Test
    @DisplayName("inputs of equal leading size share the batch, a vector keeps its size")
    void inputs() {
        Graphs two = Graphs.of(13, 2, 3).input("z", 2, 3).input("v", 3).node("Sum x z v -> y");
        assertThat(output(two)).isEqualTo(Shape.of(N, 3));
        assertThat(Graphs.read(two.model()).model().network().inputs().get(2).shape())
                .isEqualTo(Shape.of(3));
    }
}
