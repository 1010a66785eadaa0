package org.quotient.optimizers.paths;

import java.util.List;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.CustomOp;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/**
 * Independent signs ±1 of the shape of the first operand, a function of the seed, the stream and the step: number i is bit i of a
 * counter-based stream. The other operands are the step's number modulo {@value #STEPS} and the rest, two scalars that single
 * precision holds.
 *
 * @param seed of the run
 * @param stream a name for each place and draw
 */
record RandomSigns(long seed, String stream) implements CustomOp {
    /** Steps that one scalar counts. */
    static final int STEPS = 1 << 20;

    @Override
    public String name() {
        return "random signs";
    }

    @Override
    public Shape shape(List<Shape> operands) {
        return operands.getFirst();
    }

    @Override
    public Tensor value(List<Tensor> operands) {
        long step =
                (long) operands.get(1).item() + STEPS * (long) operands.get(2).item();
        CounterRandom random = CounterRandom.seeded(seed).split(stream).split(step);
        double[] signs = new double[operands.getFirst().size()];
        for (int i = 0; i < signs.length; i++) {
            signs[i] = (random.bits(i >> 6) >>> (i & 63) & 1) == 0 ? 1 : -1;
        }
        return Tensor.of(operands.getFirst().shape(), operands.getFirst().dtype(), signs);
    }

    @Override
    public List<Expr> vjp(List<Expr> operands, Expr gradient) {
        return operands.stream().map(o -> Ops.fullLike(o, 0)).toList();
    }

    @Override
    public Expr jvp(List<Expr> operands, List<Expr> tangents) {
        return Ops.fullLike(operands.getFirst(), 0);
    }
}
