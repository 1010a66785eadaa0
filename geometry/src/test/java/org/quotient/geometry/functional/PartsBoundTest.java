package org.quotient.geometry.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.functional.bounds.GenericBound;
import org.quotient.geometry.functional.bounds.LinearNeighbours;
import org.quotient.geometry.functional.bounds.LocalIdentities;
import org.quotient.geometry.functional.bounds.SpanBound;
import org.quotient.geometry.functional.bounds.Support;
import org.quotient.geometry.functional.jacobian.Subject;
import org.quotient.geometry.functional.pattern.Points;

/** Upper bounds that are put together from parts of the columns, for networks too large to be eliminated twice. */
class PartsBoundTest {
    private static Model softmax(int... widths) {
        Network network = ReluNetworks.network(true, widths);
        Model logits = ReluNetworks.random(network, 2);
        return new Model(
                network.withOutputs(List.of(Ops.softmax(network.outputs().get(0), 1))), logits.weights());
    }

    /** Normal points whose first two coordinates are 0. */
    private static Points images(Model model, int count, int size) {
        CounterRandom random = CounterRandom.seeded(1);
        double[] x = new double[count * size];
        IntStream.range(0, x.length).filter(i -> i % size >= 2).forEach(i -> x[i] = random.normal(i));
        return Points.of(model.network(), List.of(Tensor.of(Shape.of(count, size), x)));
    }

    @Test
    void partsKnowTheSoftmaxShiftAsWellAsAllColumnsDo() {
        Subject subject = FunctionalDimension.of(softmax(10, 8, 6, 5)).subject();
        LocalIdentities parts = LocalIdentities.of(subject, subject.group(), Support.everything());
        SpanBound all = new GenericBound().of(subject);
        assertThat(parts.upper()).isEqualTo(all.rank()).isEqualTo(177 - 14 - 7);
        assertThat(parts.local()).isEqualTo(7);
        assertThat(parts.error()).isLessThan(1e-9);
    }

    @Test
    void partsKnowInputsThatAreAlwaysZero() {
        Model model = softmax(10, 8, 6, 5);
        Subject subject = FunctionalDimension.of(model).subject();
        LocalIdentities parts = LocalIdentities.of(subject, subject.group(), Support.of(images(model, 50, 10)));
        assertThat(parts.zeroColumns()).isEqualTo(16);
        assertThat(parts.upper()).isEqualTo(177 - 14 - 7 - 16);
    }

    @Test
    void twoThousandParametersOnImagesUnderSoftmaxAreProved() {
        Model model = softmax(40, 30, 20, 10);
        FunctionalRank rank = FunctionalDimension.of(model).at(images(model, 600, 40));
        assertThat(rank.parameters()).isEqualTo(2060);
        assertThat(rank.rank()).isEqualTo(2060 - 50 - 21 - 2 * 30);
        assertThat(rank.proved()).isTrue();
    }

    @Test
    void parametersWithoutAMaskBetweenThemAreNeighbours() {
        assertThat(LinearNeighbours.of(
                        FunctionalDimension.of(softmax(3, 4, 2)).subject().masked()))
                .containsExactly(List.of(0, 1), List.of(2, 3));
    }
}
