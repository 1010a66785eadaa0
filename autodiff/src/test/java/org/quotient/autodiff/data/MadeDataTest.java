package org.quotient.autodiff.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.program.Program;
import org.quotient.autodiff.program.Session;

class MadeDataTest {

    static Stream<MadeData> standard() {
        return Stream.of(MadeData.moons(), MadeData.spirals(), MadeData.teacher(), MadeData.digits());
    }

    private static int[] all(Dataset data) {
        return IntStream.range(0, data.size()).toArray();
    }

    private static Tensor inputs(Dataset data) {
        return data.samples(all(data), DType.F64);
    }

    private static Tensor labels(Dataset data) {
        return data.labels(all(data), DType.F64);
    }

    @ParameterizedTest
    @MethodSource("standard")
    void aSeedDecidesEverythingAndAnotherSeedChangesIt(MadeData made) {
        DataSplit one = made.draw(5);
        DataSplit same = made.draw(5);
        DataSplit other = made.draw(6);
        assertThat(inputs(one.train()).sameBits(inputs(same.train()))).isTrue();
        assertThat(inputs(one.test()).sameBits(inputs(same.test()))).isTrue();
        assertThat(labels(one.train()).sameBits(labels(same.train()))).isTrue();
        assertThat(inputs(one.train()).sameBits(inputs(other.train()))).isFalse();
        assertThat(one.name()).isEqualTo(made.name());
    }

    @ParameterizedTest
    @MethodSource("standard")
    void aQuarterIsForTheTestAndEveryClassIsCommonInBothParts(MadeData made) {
        DataSplit split = made.draw(0);
        int n = split.train().size() + split.test().size();
        assertThat(split.test().size()).isEqualTo(n / 4);
        for (Dataset part : List.of(split.train(), split.test())) {
            int[] counts = new int[part.classes()];
            for (int i = 0; i < part.size(); i++) {
                counts[part.label(i)]++;
            }
            for (int count : counts) {
                assertThat(count).isGreaterThan(part.size() / (2 * counts.length));
            }
        }
    }

    /** (cos t, sin t) and (1 − cos t, 1/2 − sin t). */
    @Test
    void moonsWithoutNoiseLieOnTheirHalfCircles() {
        DataSplit split = new Moons(200, 0, 0.5).draw(1);
        Tensor x = inputs(split.train());
        for (int i = 0; i < split.train().size(); i++) {
            boolean inner = split.train().label(i) == 1;
            double a = inner ? 1 - x.get(2 * i) : x.get(2 * i);
            double b = inner ? 0.5 - x.get(2 * i + 1) : x.get(2 * i + 1);
            assertThat(a * a + b * b).isCloseTo(1, within(1e-6));
            assertThat(b).isGreaterThan(-1e-6);
        }
    }

    /** The angle of a point of arm k at radius r is 2π (k/arms + turns·r). */
    @Test
    void spiralsWithoutNoiseLieOnTheirArms() {
        Spirals spirals = new Spirals(400, 4, 0.8, 0, 0.5);
        DataSplit split = spirals.draw(1);
        Tensor x = inputs(split.test());
        for (int i = 0; i < split.test().size(); i++) {
            double r = Math.hypot(x.get(2 * i), x.get(2 * i + 1));
            double angle = 2 * Math.PI * (split.test().label(i) / 4.0 + 0.8 * r);
            assertThat(r).isBetween(0.0999, 1.0001);
            assertThat(x.get(2 * i)).isCloseTo(r * Math.cos(angle), within(1e-6));
            assertThat(x.get(2 * i + 1)).isCloseTo(r * Math.sin(angle), within(1e-6));
        }
    }

    @Test
    void theTeachersTargetsAreStandardisedAndTheirLargestIsTheLabel() {
        DataSplit split = new Teacher(1000, 5, 8, 4, 0.7).draw(3);
        double[] sum = new double[4];
        double[] square = new double[4];
        for (Dataset part : List.of(split.train(), split.test())) {
            Tensor y = part.targets(all(part), DType.F64);
            assertThat(y.shape()).isEqualTo(Shape.of(part.size(), 4));
            for (int i = 0; i < part.size(); i++) {
                for (int k = 0; k < 4; k++) {
                    assertThat(y.get(4 * i + k)).isLessThanOrEqualTo(y.get(4 * i + part.label(i)));
                    sum[k] += y.get(4 * i + k) / 1000;
                    square[k] += y.get(4 * i + k) * y.get(4 * i + k) / 1000;
                }
            }
        }
        for (int k = 0; k < 4; k++) {
            assertThat(sum[k]).isCloseTo(0, within(1e-6));
            assertThat(square[k]).isCloseTo(1, within(1e-6));
        }
    }

    /** ReLU networks with one hidden layer are piecewise linear: second differences along a line vanish except at kinks. */
    @Test
    void theTeacherIsPiecewiseLinearInOneDimension() {
        Dataset part = new Teacher(2000, 1, 3, 2, 0.999).draw(0).train();
        Tensor x = inputs(part);
        Tensor y = part.targets(all(part), DType.F64);
        int[] order = IntStream.range(0, part.size())
                .boxed()
                .sorted(java.util.Comparator.comparingDouble(i -> x.get(i)))
                .mapToInt(Integer::intValue)
                .toArray();
        int bends = 0;
        for (int i = 30; i + 30 < order.length; i += 15) {
            int a = order[i - 15];
            int b = order[i];
            int c = order[i + 15];
            double share = (x.get(b) - x.get(a)) / (x.get(c) - x.get(a));
            double straight = y.get(2 * a) + share * (y.get(2 * c) - y.get(2 * a));
            bends += Math.abs(y.get(2 * b) - straight) > 1e-5 ? 1 : 0;
        }
        // Each of the three kinks lies within at most two of the overlapping triples.
        assertThat(bends).isBetween(1, 6);
    }

    @Test
    void digitsAreInkOnAnEmptyBackgroundAndGrowWithTheirSize() {
        DataSplit large = new Digits(100, 28, 0, 0.5).draw(0);
        assertThat(large.train().sampleShape()).isEqualTo(Shape.of(1, 28, 28));
        Tensor x = inputs(large.train());
        for (int i = 0; i < large.train().size(); i++) {
            double ink = 0;
            double most = 0;
            for (int j = 0; j < 28 * 28; j++) {
                ink += x.get(i * 28 * 28 + j) / (28 * 28);
                most = Math.max(most, x.get(i * 28 * 28 + j));
            }
            assertThat(ink).isBetween(0.03, 0.35);
            assertThat(most).isEqualTo(1);
        }
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Moons(5, 0.1, 0.5))
                .withMessageContaining("even")
                .withMessageContaining("5");
        assertThatIllegalArgumentException().isThrownBy(() -> new Moons(10, -1, 0.5));
        assertThatIllegalArgumentException().isThrownBy(() -> new Moons(10, Double.NaN, 0.5));
        assertThatIllegalArgumentException().isThrownBy(() -> new Moons(10, 0.1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Moons(10, 0.1, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> new Spirals(10, 3, 1, 0.1, 0.5));
        assertThatIllegalArgumentException().isThrownBy(() -> new Spirals(10, 1, 1, 0.1, 0.5));
        assertThatIllegalArgumentException().isThrownBy(() -> new Spirals(10, 2, Double.NaN, 0.1, 0.5));
        assertThatIllegalArgumentException().isThrownBy(() -> new Teacher(10, 0, 1, 2, 0.5));
        assertThatIllegalArgumentException().isThrownBy(() -> new Teacher(10, 1, 1, 1, 0.5));
        assertThatIllegalArgumentException().isThrownBy(() -> new Digits(9, 8, 0.1, 0.5));
        assertThatIllegalArgumentException().isThrownBy(() -> new Digits(100, 5, 0.1, 0.5));
    }

    /** Twenty epochs of plain gradient descent: a small network learns each set, which a linear one does not as well. */
    @ParameterizedTest
    @MethodSource("standard")
    void aSmallNetworkLearnsWhatALinearOneDoesNot(MadeData made) {
        DataSplit split = made.draw(0).standardised();
        int in = split.train().sampleShape().elements();
        int classes = split.train().classes();
        double small = testAccuracy(split.reshaped(Shape.of(in)), "mlp:" + in + "-64-64-" + classes);
        double linear = testAccuracy(split.reshaped(Shape.of(in)), "mlp:" + in + "-" + classes);
        assertThat(small).isGreaterThan(0.94);
        assertThat(small).isGreaterThan(linear + 0.02);
    }

    private static double testAccuracy(DataSplit split, String architecture) {
        Model model = BuiltIns.model(architecture + ",dtype=f32", 0);
        Network network = model.network();
        Expr scores = network.outputs().getFirst();
        Expr loss = Layers.crossEntropy(scores, Expr.input("label", DType.F32, Shape.of(Shape.N)));
        List<Expr> gradients = Differentiation.gradient(loss, network.parameters());
        Program.Builder build = Program.builder().output(loss);
        for (int i = 0; i < gradients.size(); i++) {
            Expr w = network.parameters().get(i);
            build.update(w, w.minus(gradients.get(i).times(0.1)));
        }
        try (Session step = build.build().session();
                Session evaluation = Program.of(scores).session()) {
            network.parameters()
                    .forEach(w -> step.set(Network.nameOf(w), model.weights().get(Network.nameOf(w))));
            Batches batches = Batches.of(0, split.train().size(), 32);
            Iterator<Batches.Batch> run = batches.from(0);
            for (int t = 0; t < 20 * batches.stepsPerEpoch(); t++) {
                int[] indices = run.next().indices();
                step.set("x", split.train().samples(indices, DType.F32));
                step.set("label", split.train().labels(indices, DType.F32));
                step.run();
            }
            network.parameters().forEach(w -> evaluation.set(Network.nameOf(w), step.get(Network.nameOf(w))));
            evaluation.set("x", split.test().samples(all(split.test()), DType.F32));
            evaluation.run();
            return accuracy(evaluation.output(0), split.test());
        }
    }

    private static double accuracy(Tensor scores, Dataset data) {
        int right = 0;
        for (int i = 0; i < data.size(); i++) {
            int said = 0;
            for (int k = 1; k < data.classes(); k++) {
                said = scores.get(i * data.classes() + k) > scores.get(i * data.classes() + said) ? k : said;
            }
            right += said == data.label(i) ? 1 : 0;
        }
        return (double) right / data.size();
    }
}
