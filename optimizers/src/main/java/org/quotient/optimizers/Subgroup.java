package org.quotient.optimizers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.Incidence;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.ScaleLaw;

/**
 * Subgroups of the rescaling group that updates are known to respect (Badrinarayanan et al. 2015; Rangamani et al. 2019), read
 * off B for any network.
 */
public enum Subgroup {
    /** All of it: a scale per generator. */
    FULL("full", "every rescaling") {
        @Override
        public List<int[]> directions(RescalingGroup group) {
            List<int[]> all = new ArrayList<>();
            for (int k = 0; k < group.rank(); k++) {
                int[] z = new int[group.rank()];
                z[k] = 1;
                all.add(z);
            }
            return all;
        }
    },

    /** One scale for all generators whose weights are rows, or columns, of one parameter. */
    LAYER_UNIFORM("layer-uniform", "one scale per layer") {
        @Override
        public List<int[]> directions(RescalingGroup group) {
            return Layers.of(group);
        }
    },

    /** The same on networks in which no vector of biases or slopes scales, and only the identity on others. */
    LAYER_UNIFORM_WITHOUT_BIASES("layer-uniform-without-biases", "one scale per layer if there are no biases") {
        @Override
        public List<int[]> directions(RescalingGroup group) {
            return biases(group) ? List.of() : Layers.of(group);
        }
    },

    /** The scales of generators whose outgoing weights all lead to units that no rescaling moves, such as outputs. */
    LAST_HIDDEN("last-hidden", "scales of the last hidden units") {
        @Override
        public List<int[]> directions(RescalingGroup group) {
            return ends(group, false);
        }
    },

    /** The scales of generators whose incoming weights all come from what no rescaling moves, such as inputs. */
    FIRST_HIDDEN("first-hidden", "scales of the first hidden units") {
        @Override
        public List<int[]> directions(RescalingGroup group) {
            return ends(group, true);
        }
    },

    /** The scales of what a normalisation reads. */
    NORMALISED("normalised", "scales before a normalisation") {
        @Override
        public List<int[]> directions(RescalingGroup group) {
            return removed(group);
        }
    };

    private final String id;
    private final String text;

    Subgroup(String id, String text) {
        this.id = id;
        this.text = text;
    }

    /** A name without blanks. */
    public String id() {
        return id;
    }

    /** In words. */
    public String text() {
        return text;
    }

    /**
     * Directions in log-scales that span it.
     *
     * @param group of the network
     * @return integer vectors z of one number per generator; empty if the network has nothing of the kind
     */
    public abstract List<int[]> directions(RescalingGroup group);

    private static boolean biases(RescalingGroup group) {
        List<Expr> parameters = group.network().parameters();
        for (int p = 0; p < parameters.size(); p++) {
            if (parameters.get(p).shape().rank() <= 1
                    && group.scaleLaw(p).factors().stream().anyMatch(f -> !f.isZero())) {
                return true;
            }
        }
        return false;
    }

    private static List<int[]> removed(RescalingGroup group) {
        List<int[]> all = new ArrayList<>();
        for (ScaleLaw.Row row : group.removedScales()) {
            int[] z = new int[group.rank()];
            for (int i = 0; i < row.generators().length; i++) {
                z[row.generators()[i]] = Math.toIntExact(row.coefficients()[i]);
            }
            // A removed scale that others depend on too is moved by more than its own generator; only its own is meant.
            if (row.generators().length == 1) {
                all.add(z);
            }
        }
        return all;
    }

    private static List<int[]> ends(RescalingGroup group, boolean first) {
        boolean[] attached = new boolean[group.rank()];
        boolean[] inner = new boolean[group.rank()];
        Incidence incidence = Incidence.of(group);
        for (Expr p : group.network().parameters()) {
            String name = Network.nameOf(p);
            if (incidence.irregular().containsKey(name)) {
                continue;
            }
            for (int i = 0; i < p.shape().elements(); i++) {
                int here = first ? incidence.head(name, i) : incidence.tail(name, i);
                int there = first ? incidence.tail(name, i) : incidence.head(name, i);
                if (here >= 0) {
                    attached[here] = true;
                    inner[here] |= there >= 0;
                }
            }
        }
        List<int[]> all = new ArrayList<>();
        for (int k = 0; k < attached.length; k++) {
            if (attached[k] && !inner[k]) {
                int[] z = new int[group.rank()];
                z[k] = 1;
                all.add(z);
            }
        }
        return all;
    }

    /**
     * Generators that meet in a factor of a parameter's scale form a layer. No layer are those that meet elements there which
     * nothing moves, such as the columns of an input beside those of hidden units: one scale is not one of that parameter.
     */
    private static final class Layers {
        private final int[] parent;

        private Layers(int k) {
            parent = new int[k];
            Arrays.setAll(parent, i -> i);
        }

        static List<int[]> of(RescalingGroup group) {
            Layers layers = new Layers(group.rank());
            List<ScaleLaw.Factor> factors = new ArrayList<>();
            for (int p = 0; p < group.network().parameters().size(); p++) {
                factors.addAll(group.scaleLaw(p).factors());
            }
            for (ScaleLaw.Factor factor : factors) {
                int seen = -1;
                for (ScaleLaw.Row row : factor.rows()) {
                    for (int g : row.generators()) {
                        seen = seen < 0 ? g : layers.join(seen, g);
                    }
                }
            }
            Map<Integer, int[]> all = new LinkedHashMap<>();
            for (int k = 0; k < group.rank(); k++) {
                all.computeIfAbsent(layers.root(k), r -> new int[group.rank()])[k] = 1;
            }
            factors.forEach(factor -> layers.uneven(factor).forEach(all::remove));
            return List.copyOf(all.values());
        }

        /** The layers whose one scale is not one of all elements. */
        private Set<Integer> uneven(ScaleLaw.Factor factor) {
            Set<Integer> uneven = new HashSet<>();
            Map<Integer, Long> first = null;
            for (ScaleLaw.Row row : factor.rows()) {
                Map<Integer, Long> sums = new HashMap<>();
                for (int i = 0; i < row.generators().length; i++) {
                    sums.merge(root(row.generators()[i]), row.coefficients()[i], Long::sum);
                }
                first = first == null ? sums : first;
                Set<Integer> roots = new HashSet<>(sums.keySet());
                roots.addAll(first.keySet());
                for (int layer : roots) {
                    if (!sums.getOrDefault(layer, 0L).equals(first.getOrDefault(layer, 0L))) {
                        uneven.add(layer);
                    }
                }
            }
            return uneven;
        }

        private int root(int i) {
            int at = i;
            while (parent[at] != at) {
                parent[at] = parent[parent[at]];
                at = parent[at];
            }
            return at;
        }

        private int join(int a, int b) {
            int root = root(a);
            parent[root(b)] = root;
            return root;
        }
    }
}
