package org.quotient.geometry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.network.Network;

/**
 * The log-scale of every parameter and buffer element as a linear form: the rows of B. A parameter that one layer uses is
 * stored by structure, a signed sum of block tensors (such as +output channel, −input channel); others element by element.
 *
 * <p>Elements are numbered over the parameters and then the buffers, row-major. An element whose form is not known yet is
 * {@link #UNDEFINED}.
 */
final class ParameterScales {
    static final int UNDEFINED = -1;

    /**
     * One signed term of a structured law.
     *
     * @param sign 1 or −1
     * @param forms numbers of forms over the parameter's axes
     */
    record Addend(int sign, BlockTensor forms) {}

    private final Relations relations;
    private final List<Expr> variables = new ArrayList<>();
    private final Map<String, Integer> indices = new HashMap<>();
    private final int[] offsets;
    private final int trainable;
    private final List<@Nullable List<Addend>> structured = new ArrayList<>();
    private final List<int @Nullable []> explicit = new ArrayList<>();

    ParameterScales(Network network, Relations relations) {
        this.relations = relations;
        variables.addAll(network.parameters());
        variables.addAll(network.buffers());
        offsets = new int[variables.size() + 1];
        for (int v = 0; v < variables.size(); v++) {
            indices.put(Network.nameOf(variables.get(v)), v);
            offsets[v + 1] = Math.addExact(offsets[v], variables.get(v).shape().elements());
            structured.add(null);
            explicit.add(null);
        }
        trainable = offsets[network.parameters().size()];
    }

    /** Parameters, then buffers. */
    List<Expr> variables() {
        return variables;
    }

    /** The index of a variable by name. */
    int index(String name) {
        Integer index = indices.get(name);
        if (index == null) {
            throw new IllegalStateException("Unknown variable " + name);
        }
        return index;
    }

    /** The first element of a variable. */
    int offset(int variable) {
        return offsets[variable];
    }

    /** The number of trainable elements; elements from here on are buffers. */
    int trainable() {
        return trainable;
    }

    /** The variable that holds an element. */
    int variableOf(int element) {
        int k = Arrays.binarySearch(offsets, element);
        int v = k >= 0 ? k : -k - 2;
        while (offsets[v + 1] == offsets[v]) {
            v++;
        }
        return v;
    }

    /** Whether nothing is known yet about a variable. */
    boolean untouched(int variable) {
        return structured.get(variable) == null && explicit.get(variable) == null;
    }

    void structure(int variable, List<Addend> law) {
        structured.set(variable, law);
    }

    /** The structured law of a variable, or null. */
    @Nullable
    List<Addend> structure(int variable) {
        return structured.get(variable);
    }

    /** The number of an element's form, or {@link #UNDEFINED}. */
    int get(int element) {
        int v = variableOf(element);
        List<Addend> law = structured.get(v);
        if (law != null) {
            return evaluate(law, element - offsets[v]);
        }
        int[] values = explicit.get(v);
        return values == null ? UNDEFINED : values[element - offsets[v]];
    }

    private int evaluate(List<Addend> law, int position) {
        int form = 0;
        for (Addend addend : law) {
            BlockTensor block = addend.forms();
            int[] strides = block.strides();
            int rest = position;
            int at = 0;
            for (int axis = block.sizes.length - 1; axis >= 0; axis--) {
                at += rest % block.sizes[axis] * strides[axis];
                rest /= block.sizes[axis];
            }
            form = relations.plus(form, block.ids[at], addend.sign());
        }
        return form;
    }

    void set(int element, int form) {
        int v = variableOf(element);
        int[] values = explicit.get(v);
        if (values == null) {
            values = new int[offsets[v + 1] - offsets[v]];
            Arrays.fill(values, UNDEFINED);
            explicit.set(v, values);
        }
        values[element - offsets[v]] = form;
    }

    /**
     * The law of a variable as signed blocks, whichever way it is stored; undefined elements count as form 0.
     *
     * @param variable its index
     */
    List<Addend> law(int variable) {
        List<Addend> law = structured.get(variable);
        if (law != null) {
            return law;
        }
        int[] sizes = variables.get(variable).shape().sizes();
        int[] values = explicit.get(variable);
        if (values == null) {
            return List.of();
        }
        int[] ids = values.clone();
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Math.max(0, ids[i]);
        }
        return List.of(new Addend(1, BlockTensor.full(sizes, ids)));
    }
}
