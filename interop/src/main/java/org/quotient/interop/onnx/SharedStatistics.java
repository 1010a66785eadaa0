package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the values that are used other than as running statistics, themselves or through Identity nodes. */
final class SharedStatistics {
    private static final int MEAN = 3;

    private SharedStatistics() {}

    /**
     * The initialisers that are ordinary numbers somewhere.
     *
     * @param graph whose outputs count as such a use
     * @param order its live nodes, producers first
     */
    static Set<String> weights(GraphProto graph, List<NodeProto> order) {
        Map<String, String> roots = new HashMap<>();
        Set<String> weights = new HashSet<>();
        for (NodeProto node : order) {
            boolean identity =
                    node.getOpType().equals("Identity") && node.getInputCount() == 1 && node.getOutputCount() == 1;
            if (identity) {
                roots.put(node.getOutput(0), root(roots, node.getInput(0)));
                continue;
            }
            boolean normalises = node.getOpType().equals("BatchNormalization");
            int end = normalises ? Math.min(MEAN, node.getInputCount()) : node.getInputCount();
            for (int i = 0; i < end; i++) {
                weights.add(root(roots, node.getInput(i)));
            }
        }
        graph.getOutputList().forEach(o -> weights.add(root(roots, o.getName())));
        return weights;
    }

    private static String root(Map<String, String> roots, String name) {
        return roots.getOrDefault(name, name);
    }
}
