package org.quotient.autodiff.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

@DisplayName(
        "What updates do with the rows and columns of a matrix is right, and the same bits for any number of threads")
class RowsAndColumnsTest {
    static Stream<Arguments> sizes() {
        return Stream.of(DType.values())
                .flatMap(dtype -> Stream.of(
                        // Rows and columns in whole groups, with rests, fewer than a group, and shorter than a vector.
                        Arguments.of(dtype, 256, 784),
                        Arguments.of(dtype, 67, 301),
                        Arguments.of(dtype, 10, 256),
                        Arguments.of(dtype, 3, 130),
                        Arguments.of(dtype, 200, 5)));
    }

    @ParameterizedTest(name = "{0} {1} x {2}")
    @MethodSource("sizes")
    @DisplayName("sums, sums of products and of squares both ways, products with a number per row or per column")
    void rightAndTheSame(DType dtype, int rows, int columns) {
        Shape shape = Shape.of(rows, columns);
        Expr x = Expr.input("x", dtype, shape);
        Expr y = Expr.input("y", dtype, shape);
        Expr r = Expr.input("r", dtype, Shape.of(rows));
        Expr c = Expr.input("c", dtype, Shape.of(columns));
        Expr perRow = Expr.of(new Op.Broadcast(shape, List.of(0)), r);
        Expr perColumn = Expr.of(new Op.Broadcast(shape, List.of(1)), c);
        Expr squares = x.times(x);
        List<Expr> values = List.of(
                x.sum(0),
                x.times(y).sum(0),
                squares.sum(0),
                squares.sum(1),
                x.times(perRow),
                x.times(perColumn),
                x.plus(perColumn),
                y.times(x).sum(1),
                x.times(perRow).plus(perColumn).times(y).minus(perRow),
                squares.times(perColumn).sum(1),
                squares.times(perRow).sum(1),
                squares.times(y).sum(1));
        CounterRandom random = CounterRandom.seeded(rows);
        Map<String, Tensor> given = Map.of(
                "x", Tensor.fill(shape, dtype, random.split("x")::normal),
                "y", Tensor.fill(shape, dtype, random.split("y")::normal),
                "r", Tensor.fill(Shape.of(rows), dtype, random.split("r")::normal),
                "c", Tensor.fill(Shape.of(columns), dtype, random.split("c")::normal));
        List<Tensor> first = new ArrayList<>();
        for (int threads = 1; threads <= 2; threads++) {
            try (Session session = Program.of(values.toArray(Expr[]::new)).session(threads)) {
                given.forEach(session::set);
                for (int run = 0; run < 40; run++) {
                    session.run();
                    if (first.isEmpty()) {
                        first.addAll(session.outputs());
                    }
                    for (int i = 0; i < first.size(); i++) {
                        assertThat(session.output(i).sameBits(first.get(i)))
                                .as("output " + i + ", run " + run + " on " + threads)
                                .isTrue();
                    }
                }
            }
        }
        double error = dtype == DType.F64 ? 1e-12 : 1e-4;
        for (int j = 0; j < columns; j++) {
            double sum = 0;
            double products = 0;
            double square = 0;
            for (int i = 0; i < rows; i++) {
                double a = given.get("x").get(i * columns + j);
                double b = given.get("y").get(i * columns + j);
                sum += a;
                products += a * b;
                square += a * a;
            }
            assertThat(first.get(0).get(j)).isCloseTo(sum, within(error * rows));
            assertThat(first.get(1).get(j)).isCloseTo(products, within(error * rows));
            assertThat(first.get(2).get(j)).isCloseTo(square, within(error * rows));
        }
        for (int i = 0; i < rows; i++) {
            double square = 0;
            double products = 0;
            double weighted = 0;
            double other = 0;
            for (int j = 0; j < columns; j++) {
                double a = given.get("x").get(i * columns + j);
                double b = given.get("y").get(i * columns + j);
                square += a * a;
                products += a * b;
                weighted += a * a * given.get("c").get(j);
                other += a * a * b;
                int at = i * columns + j;
                assertThat(first.get(4).get(at))
                        .isEqualTo(dtype.round(a * given.get("r").get(i)));
                assertThat(first.get(5).get(at))
                        .isEqualTo(dtype.round(a * given.get("c").get(j)));
                assertThat(first.get(6).get(at))
                        .isEqualTo(dtype.round(a + given.get("c").get(j)));
            }
            for (int j = 0; j < columns; j++) {
                int at = i * columns + j;
                double scale = given.get("r").get(i);
                double value = dtype.round(given.get("x").get(at) * scale);
                value = dtype.round(value + given.get("c").get(j));
                value = dtype.round(value * given.get("y").get(at));
                assertThat(first.get(8).get(at)).isEqualTo(dtype.round(value - scale));
            }
            assertThat(first.get(3).get(i)).isCloseTo(square, within(error * columns));
            assertThat(first.get(7).get(i)).isCloseTo(products, within(error * columns));
            assertThat(first.get(9).get(i)).isCloseTo(weighted, within(error * columns));
            assertThat(first.get(10).get(i)).isCloseTo(square * given.get("r").get(i), within(error * columns));
            assertThat(first.get(11).get(i)).isCloseTo(other, within(error * columns));
        }
    }
}
