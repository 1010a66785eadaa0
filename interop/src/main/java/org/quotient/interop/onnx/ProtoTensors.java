package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.interop.InteropException;

/** Tensors of a file: their numbers out and in. What a file declares is checked before anything is allocated. */
final class ProtoTensors {
    private ProtoTensors() {}

    /** Whether the type is one whose values are computed with (half precision is not). */
    static boolean isReal(TensorProto proto) {
        return proto.getDataType() == TensorProto.DataType.FLOAT_VALUE
                || proto.getDataType() == TensorProto.DataType.DOUBLE_VALUE;
    }

    /** Whether the type is one of the integer types of shapes, indices and masks. */
    static boolean isInteger(TensorProto proto) {
        return switch (proto.getDataType()) {
            case TensorProto.DataType.INT64_VALUE, TensorProto.DataType.INT32_VALUE, TensorProto.DataType.BOOL_VALUE ->
                true;
            default -> false;
        };
    }

    /** The dtype of a floating-point tensor. */
    static DType dtype(TensorProto proto) {
        return proto.getDataType() == TensorProto.DataType.DOUBLE_VALUE ? DType.F64 : DType.F32;
    }

    /** The name of a type number, such as FLOAT16. */
    static String typeName(int type) {
        TensorProto.DataType known = TensorProto.DataType.forNumber(type);
        return known == null ? "type " + type : known.name();
    }

    /** The declared sizes, checked to be an array that fits in memory. */
    static int[] dims(TensorProto proto) {
        int[] dims = new int[proto.getDimsCount()];
        long count = 1;
        for (int i = 0; i < dims.length; i++) {
            long size = proto.getDims(i);
            if (size < 0 || size > Integer.MAX_VALUE || (size > 0 && count > Integer.MAX_VALUE / size)) {
                throw new InteropException("The tensor '" + proto.getName() + "' declares the sizes "
                        + proto.getDimsList().stream().limit(8).toList() + ", which no array can have. The file is "
                        + "damaged or too large.");
            }
            dims[i] = (int) size;
            count *= size;
        }
        return dims;
    }

    /** The values of a floating-point tensor. */
    static Tensor real(TensorProto proto) {
        if (!isReal(proto)) {
            throw new InteropException("The tensor '" + proto.getName() + "' holds " + typeName(proto.getDataType())
                    + "; numbers that are computed with are FLOAT or DOUBLE. Export the network in single or double "
                    + "precision.");
        }
        Shape shape = Shape.of(dims(proto));
        DType dtype = dtype(proto);
        int width = dtype == DType.F64 ? Double.BYTES : Float.BYTES;
        int typed = dtype == DType.F64 ? proto.getDoubleDataCount() : proto.getFloatDataCount();
        boolean raw = requireCount(proto, shape.elements(), typed, width);
        double[] data = new double[shape.elements()];
        ByteBuffer bytes = littleEndian(proto.getRawData());
        for (int i = 0; i < data.length; i++) {
            data[i] = dtype == DType.F64
                    ? (raw ? bytes.getDouble() : proto.getDoubleData(i))
                    : (raw ? bytes.getFloat() : proto.getFloatData(i));
        }
        return Tensor.of(shape, dtype, data);
    }

    /** The values of an integer or boolean tensor. */
    static Value.Ints ints(TensorProto proto) {
        int[] dims = dims(proto);
        int count = Shape.of(dims).elements();
        boolean wide = proto.getDataType() == TensorProto.DataType.INT64_VALUE;
        boolean bool = proto.getDataType() == TensorProto.DataType.BOOL_VALUE;
        int width = wide ? Long.BYTES : bool ? 1 : Integer.BYTES;
        if (!isInteger(proto)) {
            throw new InteropException("The tensor '" + proto.getName() + "' holds " + typeName(proto.getDataType())
                    + "; integers that this reader knows are INT64, INT32 and BOOL.");
        }
        boolean raw = requireCount(proto, count, wide ? proto.getInt64DataCount() : proto.getInt32DataCount(), width);
        long[] values = new long[count];
        ByteBuffer bytes = littleEndian(proto.getRawData());
        for (int i = 0; i < count; i++) {
            values[i] = wide
                    ? (raw ? bytes.getLong() : proto.getInt64Data(i))
                    : raw ? (bool ? bytes.get() : bytes.getInt()) : proto.getInt32Data(i);
        }
        return new Value.Ints(dims, values);
    }

    /** Checks that the file holds as many numbers as it declares; true if they are raw bytes. */
    private static boolean requireCount(TensorProto proto, int count, int typed, int width) {
        if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL || proto.getExternalDataCount() > 0) {
            throw new InteropException("The tensor '" + proto.getName() + "' keeps its numbers in another file "
                    + "(external data), which is not supported. Save the model as one file, below 2 GiB.");
        }
        boolean raw = !proto.getRawData().isEmpty();
        long held = raw ? proto.getRawData().size() : typed;
        long expected = raw ? (long) count * width : count;
        if (held != expected) {
            throw new InteropException("The tensor '" + proto.getName() + "' of sizes "
                    + proto.getDimsList().stream().limit(8).toList() + " should hold " + expected
                    + (raw ? " bytes" : " numbers") + " and holds " + held + ". The file is damaged or incomplete.");
        }
        return raw;
    }

    private static ByteBuffer littleEndian(ByteString bytes) {
        return bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The same tensor with other numbers, in the field that held the old ones. */
    static TensorProto withValues(TensorProto proto, Tensor values) {
        TensorProto.Builder builder = proto.toBuilder();
        boolean single = dtype(proto) == DType.F32;
        if (!proto.getRawData().isEmpty()) {
            return builder.setRawData(raw(values, single)).build();
        }
        for (int i = 0; i < values.size(); i++) {
            if (single) {
                builder.setFloatData(i, (float) values.get(i));
            } else {
                builder.setDoubleData(i, values.get(i));
            }
        }
        return builder.build();
    }

    /** A new floating-point tensor, its numbers as raw bytes. */
    static TensorProto encode(String name, Tensor values) {
        boolean single = values.dtype() == DType.F32;
        TensorProto.Builder builder = TensorProto.newBuilder()
                .setName(name)
                .setDataType(single ? TensorProto.DataType.FLOAT_VALUE : TensorProto.DataType.DOUBLE_VALUE)
                .setRawData(raw(values, single));
        for (int size : values.shape().sizes()) {
            builder.addDims(size);
        }
        return builder.build();
    }

    /** A new integer tensor of one axis, or a scalar. */
    static TensorProto encode(String name, Value.Ints values) {
        TensorProto.Builder builder =
                TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.INT64_VALUE);
        for (int size : values.dims()) {
            builder.addDims(size);
        }
        ByteBuffer bytes =
                ByteBuffer.allocate(values.values().length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values.values()) {
            bytes.putLong(value);
        }
        return builder.setRawData(ByteString.copyFrom(bytes.flip())).build();
    }

    private static ByteString raw(Tensor values, boolean single) {
        long size = (long) values.size() * (single ? Float.BYTES : Double.BYTES);
        if (size > Integer.MAX_VALUE - 64) {
            throw new InteropException("A tensor of shape " + values.shape() + " takes " + size
                    + " bytes; an ONNX file holds less than 2 GiB.");
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values.data()) {
            if (single) {
                bytes.putFloat((float) value);
            } else {
                bytes.putDouble(value);
            }
        }
        return ByteString.copyFrom(bytes.flip());
    }

    /** The sizes as a list, for messages. */
    static List<Integer> list(int[] dims) {
        return java.util.Arrays.stream(dims).boxed().toList();
    }
}
