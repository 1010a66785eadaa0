package org.quotient.autodiff.network;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;

/**
 * The values of a network's parameters and buffers, by name. Values may be drawn only when first asked for, so that
 * questions about structure cost nothing. Tensors are shared: treat them as read-only.
 */
public final class Weights {
    private final Set<String> names;
    private final Function<String, Tensor> source;
    private final Map<String, Tensor> known = new HashMap<>();

    private Weights(Set<String> names, Function<String, Tensor> source) {
        this.names = names;
        this.source = source;
    }

    /** Values that are already there. */
    public static Weights of(Map<String, Tensor> values) {
        Map<String, Tensor> copy = new LinkedHashMap<>(values);
        return new Weights(copy.keySet(), name -> require(copy, name));
    }

    /**
     * Values made on demand, each once.
     *
     * @param network the network whose parameters and buffers they are
     * @param source from a name to its value
     */
    public static Weights lazy(Network network, Function<String, Tensor> source) {
        Set<String> names = new java.util.LinkedHashSet<>();
        network.parameters().forEach(p -> names.add(Network.nameOf(p)));
        network.buffers().forEach(b -> names.add(Network.nameOf(b)));
        return new Weights(names, source);
    }

    private static Tensor require(Map<String, Tensor> values, String name) {
        Tensor value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("There is no weight '" + name + "'; there are " + values.keySet());
        }
        return value;
    }

    /** The names, in the network's order. */
    public Set<String> names() {
        return names;
    }

    /**
     * A value.
     *
     * @param name of a parameter or buffer
     * @throws IllegalArgumentException if there is none of that name
     */
    public synchronized Tensor get(String name) {
        Tensor value = known.get(name);
        if (value == null) {
            value = source.apply(name);
            known.put(name, value);
        }
        return value;
    }

    /** The value of a variable. */
    public Tensor get(Expr variable) {
        return get(Network.nameOf(variable));
    }

    /** All values by name, in order. */
    public Map<String, Tensor> asMap() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        for (String name : names) {
            all.put(name, get(name));
        }
        return all;
    }

    /** All values together with values of the inputs, ready for evaluation. */
    public Map<String, Tensor> with(List<Expr> inputs, List<Tensor> values) {
        Map<String, Tensor> all = asMap();
        for (int i = 0; i < inputs.size(); i++) {
            all.put(Network.nameOf(inputs.get(i)), values.get(i));
        }
        return all;
    }
}
