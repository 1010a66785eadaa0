package org.quotient.geometry.lifting;

import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.program.Program;

/** Parameters that occur more than once on a path: e_i enters with powers, and G_ii has a second term. */
final class Reuse {
    /** Elements of parameters that paths reuse for which second derivatives are taken one by one. */
    private static final int MOST_ELEMENTS = 20_000;

    private final PathSum sum;
    private final Map<Expr, BitSet> reached = new IdentityHashMap<>();
    private final BitSet reused = new BitSet();

    Reuse(PathSum sum) {
        this.sum = sum;
        Map<Expr, Integer> numbers = new IdentityHashMap<>();
        for (int k = 0; k < sum.edges().size(); k++) {
            numbers.put(sum.edges().get(k), k);
        }
        for (Expr node : Graph.topological(List.of(sum.total()))) {
            BitSet all = new BitSet();
            Integer number = numbers.get(node);
            if (number != null) {
                all.set(number);
            }
            boolean product = node.op() instanceof Op.Contraction
                    || node.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.MUL;
            for (Expr operand : node.operands()) {
                BitSet other = Objects.requireNonNull(reached.get(operand));
                if (product) {
                    BitSet both = (BitSet) all.clone();
                    both.and(other);
                    reused.or(both);
                }
                all.or(other);
            }
            reached.put(node, all);
        }
    }

    /** The names of the parameters of which a path may use an element more than once. */
    Set<String> names() {
        return reused.stream().mapToObj(k -> Network.nameOf(sum.edges().get(k))).collect(Collectors.toSet());
    }

    /** The logarithms of the second derivatives of the sum in each reused e_i. */
    Map<String, double[]> curvature(EdgeValues values) {
        long elements = reused.stream()
                .mapToLong(k -> sum.edges().get(k).shape().elements())
                .sum();
        if (elements > MOST_ELEMENTS) {
            throw new IllegalArgumentException("Paths reuse " + elements + " parameters of "
                    + reused.stream()
                            .mapToObj(k -> Network.nameOf(sum.edges().get(k)))
                            .toList()
                    + ": the diagonal of G would take as many evaluations of a second derivative; the largest number is "
                    + MOST_ELEMENTS);
        }
        Map<String, double[]> out = new HashMap<>();
        reused.stream().forEach(k -> {
            Expr edge = sum.edges().get(k);
            Shape shape = edge.shape();
            Expr direction = Expr.input("direction", DType.F64, shape);
            List<Expr> product = Differentiation.hessianVectorProduct(sum.total(), List.of(edge), List.of(direction));
            double[] diagonal = new double[shape.elements()];
            if (values.inRange()) {
                Program program = Program.of(product);
                Map<String, Tensor> all = new HashMap<>(values.plain());
                for (int i = 0; i < diagonal.length; i++) {
                    all.put("direction", unit(shape, i));
                    diagonal[i] =
                            Math.log(EdgeValues.evaluate(program, all).get(0).get(i));
                }
            } else {
                Map<String, ScaledTensor> all = new HashMap<>(values.wide());
                for (int i = 0; i < diagonal.length; i++) {
                    all.put("direction", new ScaledTensor(unit(shape, i), 0));
                    diagonal[i] = WideRange.evaluate(product, all).get(0).log(i);
                }
            }
            out.put(Network.nameOf(edge), diagonal);
        });
        return out;
    }

    private static Tensor unit(Shape shape, int place) {
        return Tensor.fill(shape, DType.F64, i -> i == place ? 1 : 0);
    }
}
