package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.interop.InteropException;
import org.quotient.interop.WholeFile;

/**
 * Writes any forward network as an ONNX file of opset 17. Parameters, then buffers, become initialisers under their names
 * and in their order, so that {@link OnnxReader} finds the same parameters, bit for bit (except scalars: there a rank-0
 * initialiser is a constant). The batch axis is symbolic and called N. Layers become the operators that one expects
 * (Gemm, Conv, BatchNormalization, ...) where the graph shows them.
 */
public final class OnnxExport {
    private static final int OPSET = 17;
    private static final int FORMAT = 8;

    private OnnxExport() {}

    /**
     * Writes a network at a point; the file appears whole or not at all.
     *
     * @param model the network and its weights
     * @param out where to; an existing file is replaced
     * @throws InteropException if an operation has no ONNX form (a custom one, or one that only derivatives use), or the
     *     file cannot be written
     */
    public static void write(Model model, Path out) {
        WholeFile.write(out, toProto(model)::writeTo);
    }

    /**
     * The content of the file that {@link #write} writes.
     *
     * @throws InteropException as {@link #write}
     */
    public static ModelProto toProto(Model model) {
        Network network = model.network();
        ExportGraph out = new ExportGraph(network);
        network.inputs().forEach(i -> out.graph().addInput(info(Network.nameOf(i), i)));
        for (List<Expr> group : List.of(network.parameters(), network.buffers())) {
            for (Expr variable : group) {
                String name = Network.nameOf(variable);
                out.graph()
                        .addInitializer(
                                ProtoTensors.encode(name, model.weights().get(name)));
            }
        }
        Map<Expr, String> names = emit(network, out);
        for (Expr output : network.outputs()) {
            String name = out.fresh("output");
            out.output(names.getOrDefault(output, ""), name);
            out.graph().addOutput(info(name, output));
        }
        out.graph().setName(network.name().isEmpty() ? "network" : network.name());
        return ModelProto.newBuilder()
                .setIrVersion(FORMAT)
                .setProducerName("quotient")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setGraph(out.graph())
                .build();
    }

    /** Plans backwards, from the outputs, what is needed; then writes that forwards. */
    private static Map<Expr, String> emit(Network network, ExportGraph out) {
        List<Expr> order = Graph.topological(network.outputs());
        ExportPlans plans = new ExportPlans(order, network.outputs());
        Map<Expr, Plan> needed = new IdentityHashMap<>();
        Map<Expr, Boolean> wanted = new IdentityHashMap<>();
        network.outputs().forEach(o -> wanted.put(o, true));
        for (Expr node : order.reversed()) {
            if (wanted.containsKey(node)) {
                Plan plan = plans.of(node);
                needed.put(node, plan);
                plan.needs().forEach(n -> wanted.put(n, true));
            }
        }
        Map<Expr, String> names = new IdentityHashMap<>();
        for (Expr node : order) {
            Plan plan = needed.get(node);
            if (plan != null) {
                List<String> in = plan.needs().stream()
                        .map(n -> names.getOrDefault(n, ""))
                        .toList();
                names.put(
                        node,
                        node.op() instanceof Op.Variable v
                                ? v.name()
                                : plan.emit().to(out, in));
            }
        }
        return names;
    }

    private static ValueInfoProto info(String name, Expr value) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (int size : value.shape().sizes()) {
            TensorShapeProto.Dimension.Builder axis = TensorShapeProto.Dimension.newBuilder();
            shape.addDim(size == Shape.N ? axis.setDimParam("N") : axis.setDimValue(size));
        }
        int type = value.dtype() == DType.F64 ? TensorProto.DataType.DOUBLE_VALUE : TensorProto.DataType.FLOAT_VALUE;
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
                .build();
    }
}
