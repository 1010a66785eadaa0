package org.quotient.autodiff;

import static org.quotient.autodiff.Shape.N;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A random graph over [N, 3] and [3, 3] arrays, rich in constants 0, 1 and −1, repeated nodes, sums, broadcasts, transposes and
 * products, so that every rule of rewriting finds work.
 *
 * @param outputs the last node of each shape, and the input
 * @param values whole numbers from −3 to 3 for a batch of 2
 */
public record RandomGraph(List<Expr> outputs, Map<String, Tensor> values) {

    /**
     * Draws a graph.
     *
     * @param seed names it
     * @param size its number of operations
     * @param polynomial whether to use only operations of a field
     */
    public static RandomGraph of(long seed, int size, boolean polynomial) {
        CounterRandom random = CounterRandom.seeded(seed);
        Expr x = Expr.input("x", DType.F64, Shape.of(N, 3));
        Expr w = Expr.parameter("w", DType.F64, Shape.of(3, 3));
        Expr v = Expr.parameter("v", DType.F64, Shape.of(3));
        List<Expr> wide = new ArrayList<>(List.of(x));
        List<Expr> square = new ArrayList<>(List.of(w));
        for (int i = 0; i < size; i++) {
            CounterRandom draw = random.split(i);
            boolean batch = draw.below(0, 3) > 0;
            List<Expr> pool = batch ? wide : square;
            Expr a = pool.get(draw.below(1, pool.size()));
            Expr b = pool.get(draw.below(2, pool.size()));
            Expr s = square.get(draw.below(3, square.size()));
            Expr constant = Ops.fullLike(a, List.of(0, 1, -1, 2).get(draw.below(4, 4)));
            pool.add(
                    switch (draw.below(5, polynomial ? 16 : 20)) {
                        case 0 -> a.plus(b);
                        case 1 -> a.minus(b);
                        case 2 -> draw.below(6, 4) == 0 ? a.times(b) : a.plus(v);
                        case 3, 4 -> a.neg();
                        case 5 -> a.times(constant);
                        case 6 -> constant.times(a);
                        case 7 -> a.plus(constant);
                        case 8 -> constant.minus(a);
                        case 9 -> a.over(Ops.fullLike(a, 1));
                        case 10 -> Ops.fullLike(a, 0).plus(a.sum(0));
                        case 11 -> Ops.broadcastTo(v, a.shape()).times(Ops.broadcastTo(v.neg(), a.shape()));
                        case 12 -> draw.below(6, 2) == 0 ? a.matmul(s) : a.matmul(Ops.fullLike(s, 1));
                        case 13 -> batch ? Ops.slice(a, 1, 0, 3) : a.transpose();
                        case 14 ->
                            batch
                                    ? Ops.reshape(Ops.reshape(a, Shape.of(N, 3, 1)), a.shape())
                                    : a.transpose().transpose();
                        case 15 -> a.minus(a).plus(b);
                        case 16 -> a.relu().relu();
                        case 17 -> Ops.abs(Ops.abs(a));
                        case 18 -> Ops.tanh(a);
                        default -> Ops.detach(Ops.detach(a));
                    });
        }
        Map<String, Tensor> values = new LinkedHashMap<>();
        for (Expr variable : List.of(x, w, v)) {
            CounterRandom stream = random.split(((Op.Variable) variable.op()).name());
            Shape shape = variable.shape().bind(2);
            values.put(
                    ((Op.Variable) variable.op()).name(), Tensor.fill(shape, DType.F64, i -> stream.below(i, 7) - 3));
        }
        // The input is an output too, so that the batch size is known whatever is simplified away.
        return new RandomGraph(List.of(wide.get(wide.size() - 1), square.get(square.size() - 1), x), values);
    }

    /** The largest absolute value of any node. */
    public double largest() {
        double[] largest = {1};
        Evaluator.observe(outputs, values, (node, value) -> largest[0] = Math.max(largest[0], value.maxAbs()));
        return largest[0];
    }
}
