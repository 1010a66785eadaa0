package org.quotient.geometry.paths;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.CustomOp;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/** The homogeneity that operations from outside claim, believed only where random numbers confirm it. */
public final class ConfirmedDegrees {
    private ConfirmedDegrees() {}

    /**
     * The degrees of a custom operation.
     *
     * @param node any node
     * @return one degree per operand; empty if the node is no custom operation, if a degree is missing, if shapes differ, or if
     *     random numbers refute the claim
     */
    public static Optional<List<Integer>> of(Expr node) {
        if (!(node.op() instanceof Op.Custom custom)) {
            return Optional.empty();
        }
        List<Integer> degrees = new ArrayList<>();
        for (int i = 0; i < node.operands().size(); i++) {
            OptionalInt degree = custom.definition().elementwiseDegree(i);
            if (degree.isEmpty() || !node.operand(i).shape().equals(node.shape())) {
                return Optional.empty();
            }
            degrees.add(degree.getAsInt());
        }
        return confirmed(custom.definition(), node.shape(), degrees) ? Optional.of(degrees) : Optional.empty();
    }

    private static boolean confirmed(CustomOp op, Shape symbolic, List<Integer> degrees) {
        Shape shape = symbolic.bind(3);
        CounterRandom random = CounterRandom.seeded(20240607);
        for (int trial = 0; trial < 8; trial++) {
            List<Tensor> plain = new ArrayList<>();
            List<Tensor> scaled = new ArrayList<>();
            double[] expected = new double[shape.elements()];
            Arrays.fill(expected, 1);
            for (int k = 0; k < degrees.size(); k++) {
                CounterRandom draw = random.split(trial).split(k);
                int degree = degrees.get(k);
                Tensor x = Tensor.fill(shape, DType.F64, draw::normal);
                double[] y = new double[expected.length];
                for (int i = 0; i < y.length; i++) {
                    double c = Math.exp(draw.normal(1_000_000L + i));
                    y[i] = x.get(i) * c;
                    expected[i] *= Math.pow(c, degree);
                }
                plain.add(x);
                scaled.add(Tensor.of(shape, y));
            }
            Tensor before = op.value(plain);
            Tensor after = op.value(scaled);
            for (int i = 0; i < expected.length; i++) {
                double want = before.get(i) * expected[i];
                if (!(Math.abs(after.get(i) - want) <= 1e-9 * Math.max(1e-300, Math.abs(want)))) {
                    return false;
                }
            }
        }
        return true;
    }
}
