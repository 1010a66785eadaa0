package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.interop.InteropException;

/** One reading of a graph, with the leading axes of its inputs symbolic or as the file fixes them. */
final class Translation {
    private final GraphProto graph;
    private final int opset;
    private final Set<String> constants;
    private final GraphInputs inputs;
    private final Map<String, TensorProto> initialisers = new LinkedHashMap<>();
    private final Map<String, Value> values = new HashMap<>();
    private final Map<String, Expr> resolved = new HashMap<>();
    private final Map<String, Expr> buffers = new LinkedHashMap<>();
    private final Map<String, String> storage = new LinkedHashMap<>();
    private final Moments moments = new Moments();
    private final Folding folding = new Folding();
    private final DType dtype;
    private Set<String> weights = Set.of();

    /**
     * Prepares a reading.
     *
     * @param graph the graph
     * @param opset its version of the standard operators
     * @param constants the initialisers that are not trained
     * @param reading how the leading size of the inputs is read
     */
    Translation(GraphProto graph, int opset, Set<String> constants, BatchReading reading) {
        this.graph = graph;
        this.opset = opset;
        this.constants = constants;
        for (TensorProto tensor : graph.getInitializerList()) {
            initialisers.put(tensor.getName(), tensor);
            values.put(tensor.getName(), new Value.Stored(tensor.getName()));
        }
        this.dtype = GraphInputs.dtype(graph, initialisers);
        this.inputs = GraphInputs.of(graph, initialisers.keySet(), dtype, reading);
        values.putAll(inputs.values());
    }

    int opset() {
        return opset;
    }

    DType dtype() {
        return dtype;
    }

    Moments moments() {
        return moments;
    }

    long fixedBatch() {
        return inputs.fixedBatch();
    }

    /** Whether the file fixes a batch size that is read as symbolic. */
    boolean replacedFixedBatch() {
        return inputs.fixedBatch() >= 0;
    }

    /** Whether reading with fixed sizes would differ. */
    boolean hasBatch() {
        return inputs.variables().stream().anyMatch(v -> v.shape().isSymbolic());
    }

    /** Where each variable's numbers are: from its name to the initialiser's. */
    Map<String, String> storage() {
        return storage;
    }

    /** Translates all live nodes. */
    Network run(List<NodeProto> order, String name) {
        weights = SharedStatistics.weights(graph, order);
        for (NodeProto proto : order) {
            translate(proto);
        }
        List<Expr> outputs = new ArrayList<>();
        for (ValueInfoProto output : graph.getOutputList()) {
            outputs.add(output(output.getName()));
        }
        List<Expr> parameters = new ArrayList<>();
        Map<String, Expr> reached = new HashMap<>();
        Graph.variables(outputs, Op.Role.PARAMETER).forEach(p -> reached.put(Network.nameOf(p), p));
        for (String initialiser : initialisers.keySet()) {
            Expr parameter = reached.get(initialiser);
            if (parameter != null) {
                parameters.add(parameter);
                storage.put(initialiser, initialiser);
            }
        }
        return new Network(name, inputs.variables(), parameters, List.copyOf(buffers.values()), outputs);
    }

    private Expr output(String name) {
        Value value = values.get(name);
        if (value instanceof Value.Missing missing) {
            throw missing.refused();
        }
        if (value != null && resolve(value) instanceof Value.Real real) {
            return real.expr();
        }
        throw new InteropException("The output '" + name + "' holds integers; a network's outputs are floating-point "
                + "values. Remove this output from the export.");
    }

    private void translate(NodeProto proto) {
        List<@Nullable Value> operands = new ArrayList<>();
        for (String input : proto.getInputList()) {
            operands.add(input.isEmpty() ? null : values.get(input));
        }
        Node node = new Node(proto, this, operands);
        List<Value> results = folding.apply(node, proto, operands, () -> OperatorTable.apply(node, proto));
        for (int i = 0; i < proto.getOutputCount(); i++) {
            Value result = i < results.size()
                    ? label(results.get(i), operands, proto)
                    : new Value.Missing("Output " + i + " ('" + proto.getOutput(i) + "') of the "
                            + NodeOrder.title(proto) + " is not supported; only its first "
                            + (results.size() == 1 ? "output is." : results.size() + " are."));
            values.put(proto.getOutput(i), result);
        }
    }

    /** The node's name on the expression that it became, unless it only passed something on. */
    private Value label(Value result, List<@Nullable Value> operands, NodeProto proto) {
        if (!(result instanceof Value.Real real) || real.expr().op() instanceof Op.Leaf) {
            return result;
        }
        for (Value operand : operands) {
            boolean passed = operand instanceof Value.Real given && given.expr() == real.expr();
            if (passed || isStored(operand, real.expr())) {
                return result;
            }
        }
        String name = NodeOrder.name(proto);
        Expr labelled = real.expr().named(name);
        moments.renamed(real.expr(), labelled);
        return new Value.Real(labelled);
    }

    private boolean isStored(@Nullable Value operand, Expr expr) {
        return operand instanceof Value.Stored stored && resolved.get(stored.initialiser()) == expr;
    }

    /** The value behind an initialiser; a floating-point one of rank 1 and more becomes a parameter. */
    Value resolve(Value value) {
        if (!(value instanceof Value.Stored stored)) {
            return value;
        }
        TensorProto proto = tensor(stored);
        if (ProtoTensors.isInteger(proto)) {
            return ProtoTensors.ints(proto);
        }
        return new Value.Real(resolved.computeIfAbsent(stored.initialiser(), name -> {
            if (isFixed(stored)) {
                return Expr.constant(ProtoTensors.real(proto));
            }
            ProtoTensors.real(proto);
            return Expr.parameter(name, ProtoTensors.dtype(proto), Shape.of(ProtoTensors.dims(proto)));
        }));
    }

    /** Whether an initialiser is a constant wherever it is used: integers, scalars, and those named as constants. */
    boolean isFixed(Value.Stored stored) {
        TensorProto proto = tensor(stored);
        return ProtoTensors.isInteger(proto) || proto.getDimsCount() == 0 || constants.contains(stored.initialiser());
    }

    /** The numbers of an initialiser that is not part of the arithmetic. */
    Tensor stored(Value.Stored stored) {
        return ProtoTensors.real(tensor(stored));
    }

    private TensorProto tensor(Value.Stored stored) {
        TensorProto proto = initialisers.get(stored.initialiser());
        if (proto == null) {
            throw new InteropException("There is no initialiser '" + stored.initialiser() + "'.");
        }
        return proto;
    }

    /**
     * Running statistics. PyTorch stores tensors of equal numbers once, so that the initialiser may be another node's
     * weight as well; then the statistics get a variable of their own, under the name that the node knows them by.
     */
    Expr buffer(Value.Stored stored, String usedAs) {
        TensorProto proto = tensor(stored);
        if (isFixed(stored)) {
            return Expr.constant(ProtoTensors.real(proto));
        }
        ProtoTensors.real(proto);
        String name = !weights.contains(stored.initialiser())
                ? stored.initialiser()
                : usedAs.equals(stored.initialiser()) ? usedAs + " (statistics)" : usedAs;
        storage.put(name, stored.initialiser());
        return buffers.computeIfAbsent(
                name, n -> Expr.buffer(n, ProtoTensors.dtype(proto), Shape.of(ProtoTensors.dims(proto))));
    }
}
