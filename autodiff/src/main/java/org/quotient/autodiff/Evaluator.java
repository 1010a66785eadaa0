package org.quotient.autodiff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The reference evaluator: one operation after the other, values freed after their last use. Deterministic: sums run in a
 * fixed order.
 */
public final class Evaluator {
    private static final int UNKNOWN = -1;

    private Evaluator() {}

    /**
     * Evaluates expressions in their own floating-point arithmetic.
     *
     * @param outputs the expressions
     * @param values the values of the variables by name; shapes bind the batch
     * @return the values of the outputs
     * @throws IllegalArgumentException if a variable has no value, or one of another shape or dtype
     */
    public static List<Tensor> evaluate(List<Expr> outputs, Map<String, Tensor> values) {
        return run(outputs, values, UNKNOWN, null, (node, value) -> {});
    }

    /**
     * Evaluates expressions with a given batch size, for graphs whose inputs do not tell it: the gradient of a linear
     * function need not contain the point.
     *
     * @param outputs the expressions
     * @param values the values of the variables by name
     * @param batch the batch size, at least 0
     */
    public static List<Tensor> evaluate(List<Expr> outputs, Map<String, Tensor> values, int batch) {
        return run(outputs, values, batch, null, (node, value) -> {});
    }

    /** Evaluates one expression; see {@link #evaluate(List, Map)}. */
    public static Tensor evaluate(Expr output, Map<String, Tensor> values) {
        return evaluate(List.of(output), values).get(0);
    }

    /**
     * Evaluates polynomial expressions (sums, products, quotients, convolutions, movement) over a prime field. Constants
     * are embedded exactly (a double is a dyadic rational).
     *
     * @param outputs the expressions
     * @param values the residues of the variables by name, each from 0 to p − 1
     * @param field the field
     * @return residues
     * @throws ArithmeticException naming the operation, if one is not a field operation
     * @throws IllegalArgumentException if a value is not a residue
     */
    public static List<Tensor> evaluate(List<Expr> outputs, Map<String, Tensor> values, Numbers.PrimeField field) {
        return run(outputs, values, UNKNOWN, field, (node, value) -> {});
    }

    /** Evaluates and shows every node's value to an observer, in topological order. */
    public static List<Tensor> observe(
            List<Expr> outputs, Map<String, Tensor> values, BiConsumer<Expr, Tensor> observer) {
        return run(outputs, values, UNKNOWN, null, observer);
    }

    private static List<Tensor> run(
            List<Expr> outputs,
            Map<String, Tensor> given,
            int batchGiven,
            Numbers.@org.jspecify.annotations.Nullable PrimeField field,
            BiConsumer<Expr, Tensor> observer) {
        List<Expr> order = Graph.topological(outputs);
        int batch = batchGiven >= 0 ? batchGiven : batchSize(order, given);
        Map<Expr, Integer> uses = new IdentityHashMap<>();
        for (Expr node : order) {
            node.operands().forEach(o -> uses.merge(o, 1, Integer::sum));
        }
        outputs.forEach(o -> uses.merge(o, 1, Integer::sum));
        Map<Expr, Tensor> computed = new IdentityHashMap<>();
        for (Expr node : order) {
            List<Tensor> operands = new ArrayList<>();
            for (Expr operand : node.operands()) {
                operands.add(value(computed, operand));
            }
            Numbers numbers = field == null ? new Numbers.Real(node.dtype()) : field;
            Tensor result = compute(node, operands, given, batch, numbers);
            observer.accept(node, result);
            computed.put(node, result);
            for (Expr operand : node.operands()) {
                if (uses.merge(operand, -1, Integer::sum) == 0) {
                    computed.remove(operand);
                }
            }
        }
        return outputs.stream().map(o -> value(computed, o)).toList();
    }

    private static Tensor value(Map<Expr, Tensor> computed, Expr node) {
        Tensor found = computed.get(node);
        if (found == null) {
            throw new IllegalStateException("No value for " + node.describe());
        }
        return found;
    }

    /**
     * Applies one operation to values of its operands.
     *
     * @param node the operation; not a variable
     * @param operands the values of its operands
     * @param batch the batch size, at least 0
     * @param numbers the arithmetic
     * @throws ArithmeticException naming the operation, if the arithmetic is a field and it is no field operation
     */
    public static Tensor apply(Expr node, List<Tensor> operands, int batch, Numbers numbers) {
        return compute(node, operands, Map.of(), batch, numbers);
    }

    private static Tensor compute(
            Expr node, List<Tensor> operands, Map<String, Tensor> given, int batch, Numbers numbers) {
        if (numbers.exact() && !FieldOps.allowed(node.op())) {
            throw new ArithmeticException("Only field operations have values over a prime field; '" + node.describe()
                    + "' is none. Freeze the network first, so that activations become constant masks.");
        }
        Shape shape = node.shape().isSymbolic() ? node.shape().bind(requireBatch(batch, node)) : node.shape();
        return switch (node.op()) {
            case Op.Variable v -> bound(v, shape, given, numbers);
            case Op.Constant c -> constant(c.value(), numbers);
            case Op.BatchSize b -> Tensor.of(Shape.SCALAR, b.dtype(), numbers.settle(requireBatch(batch, node)));
            case Op.Elementwise e -> ElementwiseKernels.compute(e, operands, shape, numbers);
            case Op.Reduce r -> ReduceKernels.compute(r, operands.get(0), shape, numbers);
            case Op.Einsum e -> EinsumKernel.compute(e, operands.get(0), operands.get(1), shape, numbers);
            case Op.Conv c -> ConvKernels.compute(c, operands.get(0), operands.get(1), shape, numbers);
            case Op.Move m -> MoveKernels.compute(m, operands, shape, numbers);
            case Op.Pool p -> PoolKernels.compute(p, operands, shape, numbers);
            case Op.Normalise n -> NormaliseKernels.compute(n, operands, shape, numbers);
            case Op.Custom c -> custom(c, node, operands, shape);
        };
    }

    private static int requireBatch(int batch, Expr node) {
        if (batch < 0) {
            throw new IllegalArgumentException(
                    "The batch size of " + node.describe() + " is not known: no input with a batch axis was given");
        }
        return batch;
    }

    private static Tensor constant(Tensor value, Numbers numbers) {
        if (numbers instanceof Numbers.PrimeField field) {
            return Tensor.fill(value.shape(), DType.F64, i -> field.residue(value.get(i)));
        }
        return value;
    }

    private static Tensor custom(Op.Custom op, Expr node, List<Tensor> operands, Shape shape) {
        Tensor value = op.definition().value(operands);
        if (!value.shape().equals(shape) || value.dtype() != node.dtype()) {
            throw new IllegalStateException("The operation '" + op.definition().name() + "' announced " + node.dtype()
                    + shape + " and computed " + value.dtype() + value.shape());
        }
        return value;
    }

    private static Tensor bound(Op.Variable v, Shape shape, Map<String, Tensor> given, Numbers numbers) {
        Tensor value = given.get(v.name());
        if (value == null) {
            throw new IllegalArgumentException("No value was given for '" + v.name() + "' " + v.shape() + "; given: "
                    + given.keySet().stream().sorted().limit(20).toList());
        }
        if (!value.shape().equals(shape)) {
            throw new IllegalArgumentException(
                    "'" + v.name() + "' has shape " + v.shape() + "; the value given has " + value.shape());
        }
        if (numbers instanceof Numbers.PrimeField field) {
            checkResidues(v, value, field);
        } else if (value.dtype() != v.dtype()) {
            throw new IllegalArgumentException("'" + v.name() + "' has dtype " + v.dtype() + "; the value given has "
                    + value.dtype() + " (Tensor.cast converts)");
        }
        return value;
    }

    private static void checkResidues(Op.Variable v, Tensor value, Numbers.PrimeField field) {
        for (double element : value.data()) {
            if (!(element >= 0 && element < field.p() && element == Math.rint(element))) {
                throw new IllegalArgumentException("'" + v.name() + "' needs residues, whole numbers from 0 to "
                        + (field.p() - 1) + "; given " + element);
            }
        }
    }

    private static int batchSize(List<Expr> order, Map<String, Tensor> given) {
        Map<Integer, String> found = new HashMap<>();
        for (Expr node : order) {
            if (node.op() instanceof Op.Variable v && v.shape().isSymbolic() && given.get(v.name()) != null) {
                Shape shape = given.get(v.name()).shape();
                for (int i = 0; i < Math.min(shape.rank(), v.shape().rank()); i++) {
                    if (v.shape().size(i) == Shape.N) {
                        found.put(shape.size(i), v.name());
                    }
                }
            }
        }
        if (found.size() > 1) {
            throw new IllegalArgumentException("The inputs have different batch sizes: " + found);
        }
        return found.isEmpty() ? -1 : found.keySet().iterator().next();
    }
}
