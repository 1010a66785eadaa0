package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;
import org.quotient.interop.InteropException;

/** A node as its operator's rule sees it: inputs already read, attributes by name, errors that say which node it is. */
final class Node {
    private final NodeProto proto;
    private final Translation translation;
    private final List<@Nullable Value> inputs;
    private final Map<String, AttributeProto> attributes = new HashMap<>();

    Node(NodeProto proto, Translation translation, List<@Nullable Value> inputs) {
        this.proto = proto;
        this.translation = translation;
        this.inputs = inputs;
        proto.getAttributeList().forEach(a -> attributes.put(a.getName(), a));
    }

    String operator() {
        return proto.getOpType();
    }

    int opset() {
        return translation.opset();
    }

    DType dtype() {
        return translation.dtype();
    }

    Moments moments() {
        return translation.moments();
    }

    /** The size that stands for the batch in this file's constants: −1 if the batch was symbolic there. */
    long fixedBatch() {
        return translation.fixedBatch();
    }

    InteropException fail(String what) {
        return new InteropException("The " + NodeOrder.title(proto) + " " + what);
    }

    // ---- Inputs and outputs

    int inputCount() {
        return inputs.size();
    }

    int outputCount() {
        return proto.getOutputCount();
    }

    /** How many outputs are named, that is, wanted. */
    int namedOutputs() {
        return (int) proto.getOutputList().stream().filter(o -> !o.isEmpty()).count();
    }

    String inputName(int i) {
        return proto.getInput(i);
    }

    boolean has(int i) {
        return i < inputs.size() && inputs.get(i) != null;
    }

    /** Whether an initialiser's numbers are not trained, whatever uses it. */
    boolean isFixed(Value.Stored stored) {
        return translation.isFixed(stored);
    }

    /** Input i, an initialiser not yet looked into. */
    Value untouched(int i) {
        Value value = i < inputs.size() ? inputs.get(i) : null;
        if (value == null) {
            throw fail("lacks its input " + i + ". The file is damaged or incomplete.");
        }
        if (value instanceof Value.Missing missing) {
            throw missing.refused();
        }
        return value;
    }

    /** Input i; a floating-point initialiser becomes a parameter. */
    Value value(int i) {
        return translation.resolve(untouched(i));
    }

    boolean isReal(int i) {
        return value(i) instanceof Value.Real;
    }

    /** Input i, which must be floating-point values. */
    Expr real(int i) {
        return switch (value(i)) {
            case Value.Real real -> real.expr();
            case Value.Ints ints -> throw fail("expects floating-point values as input " + i + "; given integers.");
            case Value.Ids ids ->
                throw fail("expects floating-point values as input " + i
                        + "; given integers that depend on the data, which are only looked up (Gather) or cast.");
            case Value.Stored stored -> throw fail("has an unresolved input " + i);
            case Value.Missing missing -> throw missing.refused();
        };
    }

    /** Input i, which must be integers known from the file. */
    Value.Ints ints(int i) {
        if (value(i) instanceof Value.Ints ints) {
            return ints;
        }
        throw fail("expects integers that the file fixes as input " + i
                + "; given values that depend on the data or on parameters. Export with fixed sizes.");
    }

    /** Input i, numbers fixed by the file that are not part of the arithmetic (scales, a padding value). */
    Tensor numbers(int i) {
        Value value = untouched(i);
        if (value instanceof Value.Stored stored) {
            return translation.stored(stored);
        }
        if (value instanceof Value.Real real && real.expr().op() instanceof Op.Constant constant) {
            return constant.value();
        }
        throw fail("expects numbers that the file fixes as input " + i + "; given computed ones.");
    }

    /** Input i as running statistics: a buffer if it is stored in the file. */
    Expr buffer(int i) {
        return untouched(i) instanceof Value.Stored stored ? translation.buffer(stored, inputName(i)) : real(i);
    }

    // ---- Attributes

    private @Nullable AttributeProto attribute(String name, AttributeType type) {
        AttributeProto attribute = attributes.get(name);
        if (attribute != null && attribute.getType() != type) {
            throw fail("has an attribute '" + name + "' of type " + attribute.getType() + "; expected " + type + ".");
        }
        return attribute;
    }

    boolean hasAttribute(String name) {
        return attributes.containsKey(name);
    }

    long integer(String name, long otherwise) {
        AttributeProto attribute = attribute(name, AttributeType.INT);
        return attribute == null ? otherwise : attribute.getI();
    }

    /** A flag: 0 or 1. */
    boolean flag(String name, boolean otherwise) {
        return integer(name, otherwise ? 1 : 0) != 0;
    }

    /** A number, stored in single precision by the format. */
    double number(String name, double otherwise) {
        AttributeProto attribute = attribute(name, AttributeType.FLOAT);
        return attribute == null ? otherwise : attribute.getF();
    }

    String text(String name, String otherwise) {
        AttributeProto attribute = attribute(name, AttributeType.STRING);
        return attribute == null ? otherwise : attribute.getS().toStringUtf8();
    }

    long @Nullable [] integers(String name) {
        AttributeProto attribute = attribute(name, AttributeType.INTS);
        return attribute == null
                ? null
                : attribute.getIntsList().stream().mapToLong(Long::longValue).toArray();
    }

    double[] numbers(String name) {
        AttributeProto attribute = attribute(name, AttributeType.FLOATS);
        return attribute == null
                ? new double[0]
                : attribute.getFloatsList().stream()
                        .mapToDouble(Float::doubleValue)
                        .toArray();
    }

    @Nullable
    TensorProto tensor(String name) {
        AttributeProto attribute = attribute(name, AttributeType.TENSOR);
        return attribute == null ? null : attribute.getT();
    }

    /** An axis attribute or input, counted from the end if negative, checked against a rank. */
    int axis(long axis, int rank) {
        if (axis < -rank || axis >= rank) {
            throw fail("names the axis " + axis + " of a tensor with " + rank + " axes.");
        }
        return (int) (axis < 0 ? axis + rank : axis);
    }

    /** Axes, normalised, increasing and distinct. */
    List<Integer> axes(long[] axes, int rank) {
        List<Integer> list = Arrays.stream(axes)
                .map(a -> axis(a, rank))
                .sorted()
                .mapToObj(a -> (int) a)
                .toList();
        if (list.stream().distinct().count() != list.size()) {
            throw fail("names an axis twice: " + Arrays.toString(axes) + ".");
        }
        return list;
    }

    /** An integer within a range that keeps later arithmetic in bounds. */
    int within(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw fail("has " + what + " " + value + "; expected " + least + " to " + most + ".");
        }
        return (int) value;
    }
}
