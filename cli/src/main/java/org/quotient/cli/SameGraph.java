package org.quotient.cli;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;

/** Whether two networks with matched parameters are the same function of inputs and parameters. */
final class SameGraph {
    private static final int BATCH = 2;

    private SameGraph() {}

    /**
     * Compares two networks: node by node; where they are written differently, by their outputs for the same weights and
     * random inputs.
     *
     * @param a a network at θ
     * @param b a network
     * @param matching which variable is which
     * @return how they differ; empty if they do not
     */
    static String difference(Model a, Network b, Matching matching) {
        Network first = a.network();
        if (sameNodes(first, b, matching)) {
            return "";
        }
        String shapes = interfaces("inputs", first.inputs(), b.inputs());
        if (shapes.isEmpty()) {
            shapes = interfaces("outputs", first.outputs(), b.outputs());
        }
        return shapes.isEmpty() ? values(a, b, matching) : shapes;
    }

    private static String interfaces(String what, List<Expr> a, List<Expr> b) {
        List<String> x = a.stream().map(e -> e.shape().toString()).toList();
        List<String> y = b.stream().map(e -> e.shape().toString()).toList();
        return x.equals(y) ? "" : "the " + what + " have shapes " + x + " and " + y;
    }

    /** Both evaluated in topological order, which depends on the graph only. */
    private static boolean sameNodes(Network a, Network b, Matching matching) {
        List<Expr> x = Graph.topological(a.outputs());
        List<Expr> y = Graph.topological(b.outputs());
        if (x.size() != y.size()) {
            return false;
        }
        Map<Expr, Integer> placeX = places(x);
        Map<Expr, Integer> placeY = places(y);
        for (int i = 0; i < x.size(); i++) {
            if (!sameOp(x.get(i), y.get(i), a, b, matching)
                    || !operands(x.get(i), placeX).equals(operands(y.get(i), placeY))) {
                return false;
            }
        }
        return operandsOf(a.outputs(), placeX).equals(operandsOf(b.outputs(), placeY));
    }

    private static Map<Expr, Integer> places(List<Expr> order) {
        Map<Expr, Integer> places = new IdentityHashMap<>();
        order.forEach(node -> places.put(node, places.size()));
        return places;
    }

    private static List<Integer> operands(Expr node, Map<Expr, Integer> places) {
        return operandsOf(node.operands(), places);
    }

    private static List<Integer> operandsOf(List<Expr> nodes, Map<Expr, Integer> places) {
        return nodes.stream().map(n -> places.getOrDefault(n, -1)).toList();
    }

    private static boolean sameOp(Expr x, Expr y, Network a, Network b, Matching matching) {
        if (!x.shape().equals(y.shape()) || x.dtype() != y.dtype()) {
            return false;
        }
        if (x.op() instanceof Op.Variable u && y.op() instanceof Op.Variable v) {
            return u.role() == v.role()
                    && (u.role() == Op.Role.INPUT
                            ? a.inputs().indexOf(x) == b.inputs().indexOf(y)
                            : v.name().equals(matching.names().get(u.name())));
        }
        if (x.op() instanceof Op.Constant c && y.op() instanceof Op.Constant d) {
            return c.value().sameBits(d.value());
        }
        return x.op().equals(y.op());
    }

    private static String values(Model a, Network b, Matching matching) {
        Model other = new Model(b, matching.push(b, a.weights()));
        CounterRandom random = CounterRandom.seeded(0).split("same graph");
        List<Tensor> inputs = new ArrayList<>();
        List<Tensor> cast = new ArrayList<>();
        boolean single = false;
        for (int i = 0; i < a.network().inputs().size(); i++) {
            Expr input = a.network().inputs().get(i);
            DType dtype = b.inputs().get(i).dtype();
            CounterRandom stream = random.split(i);
            Tensor drawn = Tensor.fill(input.shape().bind(BATCH), DType.F32, stream::normal);
            inputs.add(drawn.cast(input.dtype()));
            cast.add(drawn.cast(dtype));
            single |= dtype == DType.F32 || input.dtype() == DType.F32;
        }
        List<Tensor> x = a.evaluate(inputs);
        List<Tensor> y = other.evaluate(cast);
        double scale = 0;
        double gap = 0;
        for (int i = 0; i < x.size(); i++) {
            scale = Math.max(scale, x.get(i).maxAbs());
            for (int k = 0; k < x.get(i).size(); k++) {
                gap = Math.max(gap, Math.abs(x.get(i).get(k) - y.get(i).get(k)));
            }
        }
        return gap <= (single ? 1e-4 : 1e-9) * scale
                ? ""
                : "the graphs differ: with the same weights and inputs their outputs are " + Table.real(gap / scale)
                        + " apart (relative)";
    }
}
