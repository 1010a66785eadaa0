package org.quotient.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;

/**
 * Which parameter and buffer of one network is which of another: by name where names and shapes agree throughout, else by
 * order and shape.
 *
 * @param names from each variable of the first network to its partner
 * @param problem why there is no such matching; empty if there is
 */
record Matching(Map<String, String> names, String problem) {

    /** Matches two networks. */
    static Matching of(Network a, Network b) {
        Map<String, String> names = new LinkedHashMap<>();
        String problem = match(a.parameters(), b.parameters(), "parameter", names);
        if (problem.isEmpty()) {
            problem = match(a.buffers(), b.buffers(), "buffer", names);
        }
        return new Matching(names, problem);
    }

    private static String match(List<Expr> a, List<Expr> b, String what, Map<String, String> names) {
        if (a.size() != b.size()) {
            return "one network has " + a.size() + " " + what + " tensors, the other " + b.size();
        }
        Map<String, Expr> byName = new LinkedHashMap<>();
        b.forEach(v -> byName.put(Network.nameOf(v), v));
        boolean named = a.stream().allMatch(v -> {
            Expr partner = byName.get(Network.nameOf(v));
            return partner != null && partner.shape().equals(v.shape());
        });
        for (int i = 0; i < a.size(); i++) {
            String name = Network.nameOf(a.get(i));
            String partner = named ? name : Network.nameOf(b.get(i));
            if (!named && !a.get(i).shape().equals(b.get(i).shape())) {
                return what + " " + (i + 1) + " is '" + name + "' " + a.get(i).shape() + " in one network and '"
                        + partner + "' " + b.get(i).shape() + " in the other";
            }
            names.put(name, partner);
        }
        return "";
    }

    /** Weights of the second network under the names and dtypes of the first. */
    Weights pull(Network first, Weights second) {
        return Weights.lazy(
                first, name -> second.get(names.getOrDefault(name, name)).cast(dtype(first, name)));
    }

    /** Weights of the first network under the names and dtypes of the second. */
    Weights push(Network second, Weights first) {
        Map<String, String> back = new LinkedHashMap<>();
        names.forEach((name, partner) -> back.put(partner, name));
        return Weights.lazy(second, name -> {
            Tensor value = first.get(back.getOrDefault(name, name));
            return value.cast(dtype(second, name));
        });
    }

    private static org.quotient.autodiff.DType dtype(Network network, String name) {
        List<Expr> variables = new ArrayList<>(network.parameters());
        variables.addAll(network.buffers());
        return variables.stream()
                .filter(v -> Network.nameOf(v).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no variable " + name))
                .dtype();
    }
}
