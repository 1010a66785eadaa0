package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/** Small ONNX graphs written by hand, one statement a node. The input is x, the output y. */
final class Graphs {
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("hand");
    private final int opset;

    private Graphs(int opset) {
        this.opset = opset;
    }

    /** A graph of an opset with the input x; −1 is a symbolic size. */
    static Graphs of(int opset, int... sizes) {
        return new Graphs(opset).input("x", sizes);
    }

    Graphs input(String name, int... sizes) {
        graph.addInput(info(name, sizes));
        return this;
    }

    /** A weight in single precision whose numbers run up and down. */
    Graphs weight(String name, int... sizes) {
        return weight(name, Tensor.fill(Shape.of(sizes), DType.F32, i -> Math.sin(1.7 * i + 1)));
    }

    Graphs weight(String name, Tensor value) {
        graph.addInitializer(ProtoTensors.encode(name, value));
        return this;
    }

    Graphs ints(String name, long... values) {
        graph.addInitializer(ProtoTensors.encode(name, Value.Ints.vector(values)));
        return this;
    }

    Graphs index(String name, long value) {
        graph.addInitializer(ProtoTensors.encode(name, Value.Ints.scalar(value)));
        return this;
    }

    Graphs raw(TensorProto tensor) {
        graph.addInitializer(tensor);
        return this;
    }

    /** A node: its operator, then names of inputs, an arrow, names of outputs, such as {@code "Add x b -> y"}. */
    Graphs node(String text, AttributeProto... attributes) {
        List<String> words = List.of(text.split(" "));
        int arrow = words.indexOf("->");
        NodeProto.Builder node = NodeProto.newBuilder().setOpType(words.get(0)).setName("n" + graph.getNodeCount());
        words.subList(1, arrow).forEach(w -> node.addInput(w.equals("_") ? "" : w));
        words.subList(arrow + 1, words.size()).forEach(node::addOutput);
        graph.addNode(node.addAllAttribute(List.of(attributes)));
        return this;
    }

    /** The model with the output y of unknown shape. */
    ModelProto model() {
        return model(ValueInfoProto.newBuilder()
                .setName("y")
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE)))
                .build());
    }

    private ModelProto model(ValueInfoProto output) {
        return ModelProto.newBuilder()
                .setIrVersion(7)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
                .setGraph(graph.clone().addOutput(output))
                .build();
    }

    private static ValueInfoProto info(String name, int... sizes) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (int size : sizes) {
            TensorShapeProto.Dimension.Builder axis = TensorShapeProto.Dimension.newBuilder();
            shape.addDim(size < 0 ? axis.setDimParam("batch") : axis.setDimValue(size));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT_VALUE)
                                .setShape(shape)))
                .build();
    }

    static OnnxModel read(ModelProto proto) {
        return OnnxReader.of(proto, "hand", OnnxReader.Options.standard());
    }
}
