package org.quotient.autodiff.program;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.kernel.Kernels;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;

/**
 * A step that computes one operation as the interpreter does: for operations that have no kernel of their own (gathers,
 * scatters, custom operations) and for arithmetic over a prime field. It allocates.
 *
 * @param node the operation
 * @param operands dense places of its operands
 * @param shapes their bound shapes
 * @param out where the result goes
 * @param compute the interpreter
 */
record Reference(
        Expr node,
        List<Place> operands,
        List<Shape> shapes,
        Place out,
        Kernels kernels,
        Function<List<Tensor>, Tensor> compute)
        implements Step {
    @Override
    public int shards() {
        return 1;
    }

    @Override
    public void run(int shard, Scratch scratch) {
        List<Tensor> values = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            Shape shape = shapes.get(i);
            DType dtype = node.operand(i).dtype();
            double[] data = new double[shape.elements()];
            kernels.store(operands.get(i), data, 0, data.length);
            values.add(Tensor.of(shape, dtype, data));
        }
        Tensor result = compute.apply(values);
        kernels.load(result.data(), 0, out, result.size());
    }
}
