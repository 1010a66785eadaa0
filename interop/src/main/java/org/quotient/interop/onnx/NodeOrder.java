package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quotient.interop.InteropException;

/** The nodes that a graph's outputs need, producers before users, whatever their order in the file; iterative. */
final class NodeOrder {
    private enum State {
        OPEN,
        DONE
    }

    private final GraphProto graph;
    private final Map<String, Integer> producers = new HashMap<>();
    private final Set<String> given = new HashSet<>();
    private final Map<Integer, State> states = new HashMap<>();
    private final List<NodeProto> order = new ArrayList<>();

    private NodeOrder(GraphProto graph) {
        this.graph = graph;
        graph.getInitializerList().forEach(t -> given.add(t.getName()));
        graph.getInputList().forEach(i -> given.add(i.getName()));
        for (int i = 0; i < graph.getNodeCount(); i++) {
            for (String output : graph.getNode(i).getOutputList()) {
                boolean fresh =
                        output.isEmpty() || (!given.contains(output) && producers.putIfAbsent(output, i) == null);
                if (!fresh) {
                    throw new InteropException("The value '" + output + "' is produced twice, the second time by the "
                            + title(graph.getNode(i)) + "; in an ONNX graph each name is given once. The file is "
                            + "damaged.");
                }
            }
        }
    }

    /**
     * The live nodes in order; dead ones are checked too.
     *
     * @throws InteropException for a value that nothing produces, and for a cycle
     */
    static List<NodeProto> of(GraphProto graph) {
        NodeOrder walk = new NodeOrder(graph);
        for (ValueInfoProto output : graph.getOutputList()) {
            walk.reach(output.getName(), "an output of the graph");
        }
        List<NodeProto> live = List.copyOf(walk.order);
        for (int i = 0; i < graph.getNodeCount(); i++) {
            walk.visit(i);
        }
        return live;
    }

    private void reach(String name, String user) {
        Integer producer = producers.get(name);
        if (producer != null) {
            visit(producer);
        } else if (!given.contains(name)) {
            List<String> known = new ArrayList<>(producers.keySet());
            known.addAll(given);
            throw new InteropException("The value '" + name + "', needed by " + user
                    + ", is produced by no node, input or initialiser. The file is damaged or incomplete."
                    + Suggestions.of(name, known));
        }
    }

    private void visit(int start) {
        Deque<Integer> stack = new ArrayDeque<>();
        stack.push(start);
        while (!stack.isEmpty()) {
            int index = stack.peek();
            NodeProto node = graph.getNode(index);
            if (states.get(index) == State.DONE) {
                stack.pop();
            } else if (states.get(index) == State.OPEN) {
                stack.pop();
                states.put(index, State.DONE);
                order.add(node);
            } else {
                states.put(index, State.OPEN);
                for (String input : node.getInputList()) {
                    open(input, node, stack);
                }
            }
        }
    }

    private void open(String input, NodeProto user, Deque<Integer> stack) {
        Integer producer = producers.get(input);
        if (producer == null) {
            if (!input.isEmpty()) {
                reach(input, "the " + title(user));
            }
        } else if (states.get(producer) == State.OPEN) {
            throw new InteropException("The " + title(user) + " needs '" + input
                    + "', which depends on its own result: the graph has a cycle. The file is damaged.");
        } else if (states.get(producer) == null) {
            stack.push(producer);
        }
    }

    /** How errors call a node: its operator and its name, or its first output if it has none. */
    static String title(NodeProto node) {
        String name = name(node);
        return node.getOpType() + " node" + (name.isEmpty() ? "" : " '" + name + "'");
    }

    /** The name of a node, or of its first output if it has none. */
    static String name(NodeProto node) {
        return node.getName().isEmpty() && node.getOutputCount() > 0 ? node.getOutput(0) : node.getName();
    }
}
