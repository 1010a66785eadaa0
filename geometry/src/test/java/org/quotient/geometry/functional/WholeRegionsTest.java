package org.quotient.geometry.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.geometry.functional.bounds.LocalIdentities;
import org.quotient.geometry.functional.bounds.Support;
import org.quotient.geometry.functional.jacobian.Border;
import org.quotient.geometry.functional.jacobian.BorderedRank;
import org.quotient.geometry.functional.jacobian.Primes;
import org.quotient.geometry.functional.jacobian.RankStream;
import org.quotient.geometry.functional.jacobian.Subject;
import org.quotient.geometry.functional.pattern.Patterns;
import org.quotient.geometry.functional.pattern.Points;

@DisplayName("Rows of whole linear regions, and inputs that depend on each other")
class WholeRegionsTest {
    private static final Numbers.PrimeField FIELD = Primes.largest(1).get(0);

    private static Points normal(Model model, int count, double radius) {
        CounterRandom random = CounterRandom.seeded(7);
        Shape shape = model.network().inputs().get(0).shape().bind(count);
        double[] x = new double[shape.elements()];
        for (int i = 0; i < x.length; i++) {
            x[i] = radius * random.normal(i);
        }
        return Points.of(model.network(), List.of(Tensor.of(shape, x)));
    }

    /** The rank of rows at n + 1 affinely independent points inside each region: small steps from the point given. */
    private static int rankInside(Subject subject, Points points, double step) {
        RankStream stream = new RankStream(subject, FIELD, subject.groupBound());
        double[] x = points.doubles().get(0).data();
        int size = x.length / points.count();
        for (int n = 0; n < points.count(); n++) {
            double[] around = new double[(size + 1) * size];
            for (int k = 0; k <= size; k++) {
                System.arraycopy(x, n * size, around, k * size, size);
                if (k > 0) {
                    around[k * size + k - 1] += step;
                }
            }
            Shape shape = subject.masked().inputs().get(0).shape().bind(size + 1);
            Patterns inside =
                    subject.decider().decide(Points.of(subject.model().network(), List.of(Tensor.of(shape, around))));
            stream.add(inside);
        }
        return stream.rank();
    }

    @Test
    @DisplayName("the rank over whole regions, point by point, is that of rows at decisive points inside them")
    void regions() {
        for (String name : List.of("mlp:6-5-4-2", "mlp:9-3-3,bias=false", "mlp:8-4-3-1,activation=leaky:0.1")) {
            Model model = BuiltIns.model(name, 3);
            Subject subject = Subject.of(model);
            Border border = Border.of(subject, FIELD).orElseThrow();
            for (int count : new int[] {1, 2, 5}) {
                Points points = normal(model, count, 1);
                BorderedRank rank = new BorderedRank(subject, FIELD, border);
                rank.add(subject.decider().decide(points), 100);
                assertThat(rank.rank()).as(name + " " + count).isEqualTo(rankInside(subject, points, 0x1p-30));
            }
        }
    }

    @Test
    @DisplayName("null vectors of the bordered form tell regions that add rank from those that do not")
    void outside() {
        Model model = BuiltIns.model("mlp:6-5-4-2", 3);
        Subject subject = Subject.of(model);
        Patterns some = subject.decider().decide(normal(model, 2, 1));
        BorderedRank rank =
                new BorderedRank(subject, FIELD, Border.of(subject, FIELD).orElseThrow());
        rank.add(some, 100);
        double[] vector = rank.nullVectors(CounterRandom.seeded(1), 1);
        assertThat(rank.outside(vector, CounterRandom.seeded(2), some)).containsOnly(false);
        Patterns more = subject.decider().decide(normal(model, 40, 3));
        boolean[] outside = rank.outside(vector, CounterRandom.seeded(2), more);
        int before = rank.rank();
        for (int n = 0; n < outside.length; n++) {
            BorderedRank both =
                    new BorderedRank(subject, FIELD, Border.of(subject, FIELD).orElseThrow());
            both.add(some, 100);
            both.add(more.range(n, n + 1), 100);
            assertThat(both.rank() > before).isEqualTo(outside[n]);
        }
        RankStream further = rank.further(subject);
        further.add(some);
        assertThat(further.rank()).isEqualTo(before);
    }

    @Test
    @DisplayName("a convolution has no columns of one input alone that matter: there is no border")
    void none() {
        assertThat(Border.of(Subject.of(BuiltIns.model("lenet-5,width=0.2", 0)), FIELD))
                .isEqualTo(Optional.empty());
    }

    @Test
    @DisplayName(
            "a pixel that is an affine function of others costs as many dimensions as there are units in the first layer")
    void relations() {
        Model model = BuiltIns.model("mlp:80-40-9", 1);
        Points free = normal(model, 500, 1);
        double[] x = free.doubles().get(0).data().clone();
        for (int n = 0; n < 500; n++) {
            x[n * 80 + 3] = 0;
            x[n * 80 + 4] = 0.375;
            x[n * 80 + 7] = 1;
            x[n * 80 + 8] = n % 10 == 7 ? 0.1f : 0.25;
            x[n * 80 + 9] = n % 10 == 7 ? 0.7f : 0.5;
            x[n * 80 + 11] = 3 * x[n * 80 + 12];
        }
        Points tied = Points.of(
                model.network(), List.of(Tensor.of(free.doubles().get(0).shape(), x)));
        Support support = Support.of(tied);
        // 3 · 12 is rounded at some points, so that it is no relation; the pixels that the same points change are one.
        assertThat(support.relations()).hasSize(1);
        assertThat(support.relations().get(0).coordinate()).isEqualTo(9);
        Subject subject = Subject.of(model);
        FunctionalRank rank = FunctionalDimension.of(model).at(tied);
        assertThat(rank.upper()).isEqualTo(rank.rank());
        assertThat(rank.upper()).isEqualTo(subject.groupBound() - 40 * (3 + 1));
        assertThat(rank.proved()).isTrue();
        LocalIdentities parts = LocalIdentities.of(subject, subject.group(), support);
        assertThat(parts.upper()).isEqualTo(rank.upper());
    }

    @Test
    @DisplayName(
            "masks that never change on the points given bound the rank from above: on one linear region it is proved")
    void deadOnPoints() {
        Model model = ReluNetworks.random(ReluNetworks.network(true, 3, 4, 2), 5);
        Points points = normal(model, 200, 0x1p-20);
        FunctionalRank rank = FunctionalDimension.of(model).batch(points);
        assertThat(rank.upper()).isEqualTo(rank.rank());
        assertThat(rank.rank()).isLessThan(rank.bound());
        assertThat(rank.proved()).isTrue();
    }
}
