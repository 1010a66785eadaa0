package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.interop.onnx.OperatorTable.Rule;
import org.quotient.interop.onnx.Value.Ints;

/** Constants, casts, and what only makes sense for numbers that the file fixes. */
final class ConstantOperators {
    private ConstantOperators() {}

    static Map<String, Rule> rules() {
        Map<String, Rule> rules = new HashMap<>();
        rules.put("Constant", OperatorTable.value(ConstantOperators::constant));
        rules.put("ConstantOfShape", OperatorTable.value(ConstantOperators::ofShape));
        rules.put("Range", OperatorTable.value(ConstantOperators::range));
        rules.put("Cast", OperatorTable.value(ConstantOperators::cast));
        rules.put("Not", OperatorTable.value(ConstantOperators::not));
        rules.put("Trilu", OperatorTable.value(ConstantOperators::triangle));
        rules.put("Floor", rounding(Math::floor));
        rules.put("Ceil", rounding(Math::ceil));
        return rules;
    }

    private static Value constant(Node node) {
        TensorProto tensor = node.tensor("value");
        if (tensor != null) {
            return tensor(tensor);
        }
        if (node.hasAttribute("value_int")) {
            return Ints.scalar(node.integer("value_int", 0));
        }
        long[] integers = node.integers("value_ints");
        if (integers != null) {
            return Ints.vector(integers);
        }
        if (node.hasAttribute("value_float")) {
            return real(Tensor.of(Shape.SCALAR, DType.F32, node.number("value_float", 0)));
        }
        if (node.hasAttribute("value_floats")) {
            double[] numbers = node.numbers("value_floats");
            return real(Tensor.of(Shape.of(numbers.length), DType.F32, numbers));
        }
        throw node.fail("has no number as its value; strings and sparse tensors are not supported.");
    }

    private static Value tensor(TensorProto tensor) {
        return ProtoTensors.isInteger(tensor) ? ProtoTensors.ints(tensor) : real(ProtoTensors.real(tensor));
    }

    private static Value real(Tensor tensor) {
        return new Value.Real(Expr.constant(tensor));
    }

    /** Integers, or floating-point values whose shape may contain the batch. */
    private static Value ofShape(Node node) {
        long[] asked = node.ints(0).values();
        int[] sizes = new int[asked.length];
        long count = 1;
        for (int i = 0; i < sizes.length; i++) {
            boolean batch = asked[i] == Value.BATCH;
            sizes[i] = batch ? Shape.N : node.within("a size of", asked[i], 0, IntegerArithmetic.MOST);
            count = Math.multiplyExact(count, batch ? 1 : sizes[i]);
        }
        node.within("a number of elements of", count, 0, IntegerArithmetic.MOST);
        TensorProto given = node.tensor("value");
        if (given != null && ProtoTensors.isInteger(given)) {
            long[] values = new long[(int) Shaping.count(node, Shape.of(sizes), 0)];
            Arrays.fill(values, single(node, ProtoTensors.ints(given).values().length, ProtoTensors.ints(given)));
            return new Ints(sizes, values);
        }
        Tensor value = given == null ? Tensor.of(Shape.SCALAR, DType.F32, 0) : ProtoTensors.real(given);
        if (value.size() != 1) {
            throw node.fail("expects a single number as its value.");
        }
        Expr scalar = Expr.constant(value.reshaped(Shape.SCALAR));
        return new Value.Real(org.quotient.autodiff.Ops.broadcastTo(scalar, Shape.of(sizes)));
    }

    private static long single(Node node, int count, Ints value) {
        if (count != 1) {
            throw node.fail("expects a single number; given " + count + ".");
        }
        return IntegerArithmetic.known(node, value.values()[0]);
    }

    private static Value range(Node node) {
        long[] ends = new long[3];
        for (int i = 0; i < 3; i++) {
            ends[i] = single(node, node.ints(i).values().length, node.ints(i));
        }
        if (ends[2] == 0) {
            throw node.fail("has a step of 0.");
        }
        long span = Math.subtractExact(ends[1], ends[0]);
        long count = Math.max(0, -Math.floorDiv(-span, ends[2]));
        long[] values = new long[node.within("a number of elements of", count, 0, IntegerArithmetic.MOST)];
        Arrays.setAll(values, i -> ends[0] + i * ends[2]);
        return Ints.vector(values);
    }

    private static Value not(Node node) {
        Ints ints = node.ints(0);
        return new Ints(
                ints.dims(),
                Arrays.stream(ints.values()).map(v -> v == 0 ? 1 : 0).toArray());
    }

    /** The lower or upper triangle of the last two axes; of computed values, by a mask. */
    private static Value triangle(Node node) {
        boolean upper = node.flag("upper", true);
        Ints shift = node.has(1) ? node.ints(1) : Ints.scalar(0);
        long k = single(node, shift.values().length, shift);
        if (node.value(0) instanceof Ints ints) {
            long[] out = ints.values().clone();
            for (int i = 0; i < out.length; i++) {
                out[i] = kept(node, ints.dims(), i, k, upper) ? out[i] : 0;
            }
            return new Ints(ints.dims(), out);
        }
        Expr x = node.real(0);
        int rank = x.shape().rank();
        node.within("a number of axes of", rank, 2, Integer.MAX_VALUE);
        int[] matrix = {x.shape().size(rank - 2), x.shape().size(rank - 1)};
        node.within("a matrix of size", Shaping.count(node, Shape.of(matrix), 0), 0, IntegerArithmetic.MOST);
        return new Value.Real(x.times(
                Expr.constant(Tensor.fill(Shape.of(matrix), x.dtype(), i -> kept(node, matrix, i, k, upper) ? 1 : 0))));
    }

    private static boolean kept(Node node, int[] dims, int place, long shift, boolean upper) {
        node.within("a number of axes of", dims.length, 2, Integer.MAX_VALUE);
        int columns = dims[dims.length - 1];
        int row = place / columns % dims[dims.length - 2];
        long beyond = place % columns - (long) row - shift;
        return upper ? beyond >= 0 : beyond <= 0;
    }

    private static Rule rounding(DoubleUnaryOperator function) {
        return OperatorTable.value(node -> {
            Tensor x = node.numbers(0);
            return real(Tensor.fill(x.shape(), x.dtype(), i -> function.applyAsDouble(x.get(i))));
        });
    }

    // ---- Cast

    private static Value cast(Node node) {
        int type = (int) node.integer("to", 0);
        boolean real = type == TensorProto.DataType.FLOAT_VALUE || type == TensorProto.DataType.DOUBLE_VALUE;
        boolean integer = List.of(
                        TensorProto.DataType.INT64_VALUE,
                        TensorProto.DataType.INT32_VALUE,
                        TensorProto.DataType.BOOL_VALUE)
                .contains(type);
        if (!real && !integer) {
            throw node.fail("casts to " + ProtoTensors.typeName(type)
                    + "; supported are FLOAT, DOUBLE, INT32, INT64 and BOOL.");
        }
        DType dtype = type == TensorProto.DataType.DOUBLE_VALUE ? DType.F64 : DType.F32;
        return real ? toReal(node, dtype) : toInteger(node, type == TensorProto.DataType.BOOL_VALUE);
    }

    private static Value toReal(Node node, DType dtype) {
        return switch (node.value(0)) {
            case Ints ints -> numbers(ints, dtype);
            case Value.Ids ids when ids.expr().dtype() == dtype -> new Value.Real(ids.expr());
            case Value.Real r when r.expr().dtype() == dtype -> r;
            case Value.Real r
            when r.expr().op() instanceof Op.Constant c -> real(c.value().cast(dtype));
            default ->
                throw node.fail("changes the precision inside the network, which is not supported. Export in one "
                        + "precision throughout.");
        };
    }

    private static Value numbers(Ints ints, DType dtype) {
        if (!ints.hasBatch()) {
            return real(Tensor.fill(Shape.of(ints.dims()), dtype, i -> ints.values()[i]));
        }
        Expr batch = Expr.of(new Op.BatchSize(dtype));
        if (ints.values().length == 1) {
            return new Value.Real(org.quotient.autodiff.Ops.reshape(batch, Shape.of(ints.dims())));
        }
        throw new org.quotient.interop.InteropException("The batch size among other sizes is cast to floating point, "
                + "which is not supported. Export with a fixed batch size.");
    }

    private static Value toInteger(Node node, boolean bool) {
        if (node.value(0) instanceof Value.Ids ids && !bool) {
            return ids;
        }
        Ints ints = node.value(0) instanceof Ints given ? given : truncated(node.numbers(0));
        return bool
                ? new Ints(
                        ints.dims(),
                        Arrays.stream(ints.values()).map(v -> v == 0 ? 0 : 1).toArray())
                : ints;
    }

    private static Ints truncated(Tensor x) {
        return new Ints(
                x.shape().sizes(),
                Arrays.stream(x.data()).mapToLong(v -> (long) v).toArray());
    }
}
