package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.interop.InteropException;

/**
 * The inputs of a graph.
 *
 * @param variables in order
 * @param values by name
 * @param fixedBatch the fixed leading size that was read as the batch, −1 if there was none
 */
record GraphInputs(List<Expr> variables, Map<String, Value> values, long fixedBatch) {
    private static final int UNKNOWN = -1;

    /** The one floating-point type of a graph: of its first such input, else of its first such initialiser. */
    static DType dtype(GraphProto graph, Map<String, TensorProto> initialisers) {
        for (ValueInfoProto input : graph.getInputList()) {
            int type = input.getType().getTensorType().getElemType();
            boolean real = type == TensorProto.DataType.FLOAT_VALUE || type == TensorProto.DataType.DOUBLE_VALUE;
            if (!initialisers.containsKey(input.getName()) && real) {
                return type == TensorProto.DataType.DOUBLE_VALUE ? DType.F64 : DType.F32;
            }
        }
        for (TensorProto tensor : initialisers.values()) {
            if (ProtoTensors.isReal(tensor)) {
                return ProtoTensors.dtype(tensor);
            }
        }
        return DType.F32;
    }

    /** Reads the inputs that are not initialisers (older files list those too). */
    static GraphInputs of(GraphProto graph, Set<String> initialisers, DType dtype, BatchReading reading) {
        List<ValueInfoProto> given = graph.getInputList().stream()
                .filter(i -> !initialisers.contains(i.getName()))
                .toList();
        Map<String, int[]> shapes = new LinkedHashMap<>();
        given.forEach(i -> shapes.put(i.getName(), shape(i)));
        boolean symbolic = reading == BatchReading.SYMBOLIC;
        long batch = symbolic ? fixedBatch(shapes) : -1;
        List<Expr> variables = new ArrayList<>();
        Map<String, Value> values = new LinkedHashMap<>();
        for (ValueInfoProto input : given) {
            int[] sizes = shapes.getOrDefault(input.getName(), new int[0]).clone();
            if (sizes.length >= 2 && batch >= 0 && sizes[0] == batch) {
                sizes[0] = Shape.N;
            }
            for (int i = 0; i < sizes.length && !symbolic; i++) {
                sizes[i] = sizes[i] == UNKNOWN ? 1 : sizes[i];
            }
            Expr variable = Expr.input(input.getName(), dtype, Shape.of(sizes));
            variables.add(variable);
            boolean real = isReal(input, dtype);
            values.put(input.getName(), real ? new Value.Real(variable) : new Value.Ids(variable));
        }
        return new GraphInputs(variables, values, batch);
    }

    /** The leading size to read as the batch: that of the first input with two axes, unless some batch is symbolic. */
    private static long fixedBatch(Map<String, int[]> shapes) {
        long batch = -1;
        for (int[] sizes : shapes.values()) {
            for (int size : sizes) {
                if (size == UNKNOWN) {
                    return -1;
                }
            }
            if (sizes.length >= 2 && batch < 0) {
                batch = sizes[0];
            }
        }
        return batch;
    }

    private static boolean isReal(ValueInfoProto input, DType dtype) {
        int type = input.getType().getTensorType().getElemType();
        int expected = dtype == DType.F64 ? TensorProto.DataType.DOUBLE_VALUE : TensorProto.DataType.FLOAT_VALUE;
        if (type == TensorProto.DataType.INT64_VALUE || type == TensorProto.DataType.INT32_VALUE) {
            return false;
        }
        if (type != expected) {
            throw new InteropException("The input '" + input.getName() + "' is of type "
                    + ProtoTensors.typeName(type) + " in a network of type " + ProtoTensors.typeName(expected)
                    + "; inputs are FLOAT, DOUBLE (one of them for the whole network) or whole numbers.");
        }
        return true;
    }

    private static int[] shape(ValueInfoProto input) {
        TypeProto type = input.getType();
        if (!type.hasTensorType() || !type.getTensorType().hasShape()) {
            throw new InteropException("The input '" + input.getName() + "' declares no tensor shape; expected sizes, "
                    + "with at most one symbolic one. Export again with example inputs.");
        }
        TensorShapeProto shape = type.getTensorType().getShape();
        int[] sizes = new int[shape.getDimCount()];
        int unknown = 0;
        long count = 1;
        for (int i = 0; i < sizes.length; i++) {
            TensorShapeProto.Dimension size = shape.getDim(i);
            long value = size.hasDimValue() ? size.getDimValue() : UNKNOWN;
            if (value > Integer.MAX_VALUE) {
                throw new InteropException("The input '" + input.getName() + "' declares the size " + value
                        + " on axis " + i + ", which no array can have.");
            }
            sizes[i] = value < 1 ? UNKNOWN : (int) value;
            count *= Math.max(1, value);
            if (count > Integer.MAX_VALUE) {
                throw new InteropException(
                        "The input '" + input.getName() + "' declares more numbers than an array can " + "hold.");
            }
            unknown += sizes[i] == UNKNOWN ? 1 : 0;
        }
        if (unknown > 1) {
            throw new InteropException("The input '" + input.getName() + "' has " + unknown
                    + " symbolic sizes; only one, the batch, may be. Export with the others fixed.");
        }
        return sizes;
    }
}
