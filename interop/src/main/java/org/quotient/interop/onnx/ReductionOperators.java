package org.quotient.interop.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.interop.onnx.OperatorTable.Rule;

/** Sums, means and maxima over axes. */
final class ReductionOperators {
    private ReductionOperators() {}

    private interface Reduction {
        Expr apply(Expr x, int... axes);
    }

    static Map<String, Rule> rules() {
        Map<String, Rule> rules = new HashMap<>();
        rules.put("ReduceSum", rule(Ops::sum));
        rules.put("ReduceMean", rule(Ops::mean));
        rules.put("ReduceMax", rule(Ops::maxOver));
        rules.put("ReduceMin", rule((x, axes) -> Ops.neg(Ops.maxOver(Ops.neg(x), axes))));
        rules.put("ReduceL1", rule((x, axes) -> Ops.sum(Ops.abs(x), axes)));
        rules.put("ReduceSumSquare", rule((x, axes) -> Ops.sum(x.times(x), axes)));
        rules.put("ReduceL2", rule((x, axes) -> Ops.sqrt(Ops.sum(x.times(x), axes))));
        return rules;
    }

    private static Rule rule(Reduction reduction) {
        return OperatorTable.real(node -> {
            Expr x = node.real(0);
            int rank = x.shape().rank();
            long[] given = node.has(1) ? node.ints(1).values() : node.integers("axes");
            boolean empty = given == null || given.length == 0;
            if (empty && node.flag("noop_with_empty_axes", false)) {
                return x;
            }
            List<Integer> axes =
                    given == null || empty ? IntStream.range(0, rank).boxed().toList() : node.axes(given, rank);
            if (axes.isEmpty()) {
                return x;
            }
            int[] array = axes.stream().mapToInt(Integer::intValue).toArray();
            boolean keep = node.flag("keepdims", true);
            Expr result = Shaping.keep(reduction.apply(x, array), rank, axes, keep);
            if (keep && node.operator().equals("ReduceMean")) {
                node.moments().mean(result, x, axes);
            }
            return result;
        });
    }
}
