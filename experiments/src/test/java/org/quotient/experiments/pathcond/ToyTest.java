package org.quotient.experiments.pathcond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.experiments.pathcond.Toy.Trajectory;

@DisplayName("The one-unit toy in path space")
class ToyTest {
    private static final List<Trajectory> ALL = new Toy(50, 0.01, 400, 5, List.of(List.of(4.0, 3.0, 1.0)), 2).run();

    private static Trajectory of(String name) {
        return ALL.stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    @DisplayName(
            "all trajectories begin at one point and one loss; the loss of SGD then depends on the representative, after PathCond it does not")
    void representatives() {
        assertThat(ALL).hasSize(5).allSatisfy(t -> {
            assertThat(t.points().getFirst().first()).isCloseTo(4, within(1e-12));
            assertThat(t.points().getFirst().second()).isCloseTo(3, within(1e-12));
            assertThat(t.points().getFirst().loss())
                    .isCloseTo(of(Toy.GIVEN).points().getFirst().loss(), within(1e-12));
        });
        assertThat(ToyPage.difference(of(Toy.GIVEN), of(Toy.SCALED))).isGreaterThan(0.1);
        assertThat(ToyPage.difference(of(Toy.CONDITIONED), of(Toy.SCALED_CONDITIONED)))
                .isLessThan(1e-10);
    }

    @Test
    @DisplayName("for one unit PathCond makes |(v, w)| = |u|, so tr K becomes 3|uv, uw|, from 2u² + v² + w²")
    void balance() {
        assertThat(of(Toy.GIVEN).trace()).isCloseTo(27, within(1e-12));
        assertThat(of(Toy.SCALED).trace()).isCloseTo(0.5 + 64 + 36, within(1e-12));
        assertThat(of(Toy.CONDITIONED).trace()).isCloseTo(3 * 5, within(1e-9));
        assertThat(of(Toy.REFERENCE).trace()).isEqualTo(2);
    }

    @Test
    @DisplayName("the distance of curves is 0 for a curve that is run faster, and that of the farthest point otherwise")
    void distance() {
        Trajectory straight = path(0, 0, 4, 0);
        assertThat(Toy.distance(path(0, 0, 1, 0, 3, 0), straight)).isZero();
        assertThat(Toy.distance(path(0, 0, 2, 1.5, 4, 0), straight)).isEqualTo(1.5);
        assertThat(Toy.distance(path(0, 0, 7, 4), straight)).isEqualTo(5);
    }

    private static Trajectory path(double... numbers) {
        ArrayList<Toy.Point> points = new ArrayList<>();
        for (int i = 0; i < numbers.length; i += 2) {
            points.add(new Toy.Point(i / 2, numbers[i], numbers[i + 1], 0));
        }
        return new Trajectory(0, "", points, 0);
    }

    @Test
    @DisplayName("a start with u ≤ 0 is refused: the reference would be another function")
    void refused() {
        assertThatThrownBy(() -> new Toy(5, 0.1, 1, 1, List.of(List.of(1.0, 1.0, -1.0)), 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("u > 0");
    }
}
