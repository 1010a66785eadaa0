package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.List;

/** Attributes of nodes that are written. */
final class Attributes {
    private Attributes() {}

    static AttributeProto of(String name, long value) {
        return start(name, AttributeType.INT).setI(value).build();
    }

    static AttributeProto of(String name, float value) {
        return start(name, AttributeType.FLOAT).setF(value).build();
    }

    static AttributeProto of(String name, String value) {
        return start(name, AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build();
    }

    static AttributeProto of(String name, TensorProto value) {
        return start(name, AttributeType.TENSOR).setT(value).build();
    }

    static AttributeProto of(String name, long[] values) {
        return start(name, AttributeType.INTS)
                .addAllInts(Arrays.stream(values).boxed().toList())
                .build();
    }

    static AttributeProto of(String name, List<Integer> values) {
        return of(name, values.stream().mapToLong(Integer::longValue).toArray());
    }

    private static AttributeProto.Builder start(String name, AttributeType type) {
        return AttributeProto.newBuilder().setName(name).setType(type);
    }
}
