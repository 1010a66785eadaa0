package org.quotient.geometry.criteria;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Which scales have energy on both sides. A term with row z_a − z_b is an edge from b to a, and the ground (inputs, biases and
 * outputs) is a vertex too. A sum of exponentials over such rows has a minimiser over the scales that lie on a closed walk
 * through the ground, and only over those: elsewhere some shift lowers it forever (Stock et al. 2019; here for any graph of
 * scales). With rows of more than two entries the condition is necessary only.
 */
final class Reach {
    private final List<List<Integer>> next = new ArrayList<>();
    private final List<List<Integer>> back = new ArrayList<>();
    private final Terms terms;

    private Reach(Terms terms) {
        this.terms = terms;
        for (int v = 0; v <= terms.scales; v++) {
            next.add(new ArrayList<>());
            back.add(new ArrayList<>());
        }
    }

    /** The scales on a closed walk through the ground. */
    static BitSet live(Terms terms) {
        Reach reach = new Reach(terms);
        terms.panels.forEach(reach::edges);
        reach.edges(terms.rest);
        BitSet live = reach.from(reach.next);
        live.and(reach.from(reach.back));
        live.clear(terms.scales);
        return live;
    }

    private void edge(int from, int to) {
        if (from != to) {
            next.get(from).add(to);
            back.get(to).add(from);
        }
    }

    /** Edges of a matrix, through one vertex for all entries where it is full. */
    private void edges(Panel p) {
        boolean full = true;
        for (double energy : p.energy) {
            full &= energy > 0;
        }
        if (full && p.rows() > 1 && p.columns() > 1) {
            int middle = next.size();
            next.add(new ArrayList<>());
            back.add(new ArrayList<>());
            for (int v : p.minus) {
                edge(v, middle);
            }
            for (int v : p.plus) {
                edge(middle, v);
            }
            return;
        }
        for (int i = 0; i < p.rows(); i++) {
            for (int j = 0; j < p.columns(); j++) {
                if (p.energy[i * p.columns() + j] > 0) {
                    edge(p.minus[j], p.plus[i]);
                }
            }
        }
    }

    private void edges(SparseRows rows) {
        for (int t = 0; t < rows.count(); t++) {
            List<Integer> up = new ArrayList<>();
            List<Integer> down = new ArrayList<>();
            for (int k = rows.start[t]; k < rows.start[t + 1]; k++) {
                (rows.coefficients[k] > 0 ? up : down).add(rows.generators[k]);
            }
            if (rows.log[t] != Double.NEGATIVE_INFINITY) {
                List<Integer> sources = down.isEmpty() ? List.of(terms.scales) : down;
                List<Integer> targets = up.isEmpty() ? List.of(terms.scales) : up;
                sources.forEach(from -> targets.forEach(to -> edge(from, to)));
            }
        }
    }

    private BitSet from(List<List<Integer>> edges) {
        BitSet seen = new BitSet();
        ArrayDeque<Integer> open = new ArrayDeque<>();
        open.add(terms.scales);
        seen.set(terms.scales);
        while (!open.isEmpty()) {
            for (int v : edges.get(open.remove())) {
                if (!seen.get(v)) {
                    seen.set(v);
                    open.add(v);
                }
            }
        }
        seen.clear(terms.scales + 1, Math.max(terms.scales + 1, seen.length()));
        return seen;
    }
}
