package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.interop.InteropException;

/** A graph while it is written: nodes in order, names that are given once. */
final class ExportGraph {
    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private final Set<String> used = new HashSet<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final Map<List<Long>, String> integers = new HashMap<>();
    private final @Nullable Expr symbolicInput;
    private @Nullable String batch;

    ExportGraph(Network network) {
        for (List<Expr> group : List.of(network.inputs(), network.parameters(), network.buffers())) {
            group.forEach(v -> used.add(Network.nameOf(v)));
        }
        symbolicInput = network.inputs().stream()
                .filter(i -> i.shape().isSymbolic())
                .findFirst()
                .orElse(null);
    }

    GraphProto.Builder graph() {
        return graph;
    }

    /** A name that nothing has yet: the wish itself, or the wish and a number. */
    String fresh(String wish) {
        String name = wish;
        while (!used.add(name)) {
            name = wish + "_" + counts.merge(wish, 1, Integer::sum);
        }
        return name;
    }

    /** Adds a node with one output, called after a label or, if that is empty, after its operator. */
    String node(String operator, String label, List<String> inputs, AttributeProto... attributes) {
        String name = fresh(label.isEmpty() ? operator.toLowerCase(Locale.ROOT) : label);
        graph.addNode(NodeProto.newBuilder()
                .setOpType(operator)
                .setName(name)
                .addAllInput(inputs)
                .addOutput(name)
                .addAllAttribute(List.of(attributes)));
        return name;
    }

    /** A node that only prepares or finishes another. */
    String helper(String operator, List<String> inputs, AttributeProto... attributes) {
        return node(operator, "", inputs, attributes);
    }

    /** Copies a value to a name of its own. */
    void output(String value, String name) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Identity")
                .setName(name)
                .addInput(value)
                .addOutput(name));
    }

    String constant(Tensor value) {
        return constantNode(ProtoTensors.encode("", value));
    }

    String scalar(double value, DType dtype) {
        return constant(Tensor.of(Shape.SCALAR, dtype, value));
    }

    /** A constant vector of integers, each written once. */
    String ints(long... values) {
        List<Long> key = java.util.Arrays.stream(values).boxed().toList();
        String known = integers.get(key);
        if (known == null) {
            known = constantNode(ProtoTensors.encode("", Value.Ints.vector(values)));
            integers.put(key, known);
        }
        return known;
    }

    String ints(List<Integer> values) {
        return ints(values.stream().mapToLong(Integer::longValue).toArray());
    }

    private String constantNode(TensorProto value) {
        return node("Constant", "", List.of(), Attributes.of("value", value));
    }

    /** The batch size as a vector of one integer. */
    String batch() {
        if (batch == null) {
            if (symbolicInput == null) {
                throw new InteropException("The network computes with the batch size but no input has a batch axis; "
                        + "give it an input of shape [N, ...].");
            }
            int axis = ProtoTensors.list(symbolicInput.shape().sizes()).indexOf(Shape.N);
            batch = helper(
                    "Shape",
                    List.of(Network.nameOf(symbolicInput)),
                    Attributes.of("start", axis),
                    Attributes.of("end", axis + 1L));
        }
        return batch;
    }

    /** A shape as a vector of integers, computed from the batch where it is symbolic. */
    String shape(Shape shape) {
        if (!shape.isSymbolic()) {
            return ints(ProtoTensors.list(shape.sizes()));
        }
        List<String> parts = new java.util.ArrayList<>();
        for (int size : shape.sizes()) {
            parts.add(size == Shape.N ? batch() : ints(size));
        }
        return parts.size() == 1 ? parts.get(0) : helper("Concat", parts, Attributes.of("axis", 0));
    }
}
