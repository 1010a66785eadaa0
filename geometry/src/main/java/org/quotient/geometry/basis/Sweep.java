package org.quotient.geometry.basis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;

/**
 * A sweep over the class graph from one end: the order in which classes are reached through nonzero elements, parameter by
 * parameter, and the root sum of squares that arrives at each through the parameter that reaches it first. Such a sum is
 * covariant: it scales as the class does, backwards as the inverse. An element is admissible if it comes from an earlier class;
 * choices among those close no circle.
 */
final class Sweep {
    /** Scores closer than this are equal: rounding of rescaled single-precision weights is 2^−24. */
    private static final double TIE = 0x1p-16;

    private final ClassGraph graph;
    private final Weights weights;
    private final BitSet frozen;
    private final boolean forward;
    private final List<Integer> order;
    /** When a class was reached; −1 if it was not. */
    private final int[] rank;
    /** Σ w² s² of each class, 1 at the ground. */
    private final double[] energy;

    private Sweep(ClassGraph graph, Weights weights, BitSet frozen, boolean forward) {
        this.graph = graph;
        this.weights = weights;
        this.frozen = frozen;
        this.forward = forward;
        this.order = inOrderOfUse(graph);
        if (!forward) {
            Collections.reverse(order);
        }
        rank = new int[graph.ground() + 1];
        Arrays.fill(rank, -1);
        rank[graph.ground()] = 0;
        energy = new double[graph.ground() + 1];
        energy[graph.ground()] = 1;
    }

    /** From the inputs to the outputs. */
    static Sweep forward(ClassGraph graph, Weights weights, BitSet frozen) {
        Sweep sweep = new Sweep(graph, weights, frozen, true);
        sweep.run();
        return sweep;
    }

    /** From the outputs to the inputs. Exits are where paths end, at the inverse of what arrives there. */
    static Sweep backward(ClassGraph graph, Weights weights, BitSet frozen, Sweep forward) {
        Sweep sweep = new Sweep(graph, weights, frozen, false);
        for (int c = graph.exits().nextSetBit(0); c >= 0; c = graph.exits().nextSetBit(c + 1)) {
            if (forward.reaches(c)) {
                sweep.rank[c] = 0;
                sweep.energy[c] = 1 / forward.energy[c];
            }
        }
        sweep.run();
        return sweep;
    }

    /** Parameters by their first use in the forward graph. */
    private static List<Integer> inOrderOfUse(ClassGraph graph) {
        List<Expr> parameters = graph.parameters();
        List<Integer> order = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        for (Expr node : Graph.topological(graph.group().network().outputs())) {
            for (Expr operand : node.operands()) {
                int p = parameters.indexOf(operand);
                if (p >= 0 && seen.add(p)) {
                    order.add(p);
                }
            }
        }
        return order;
    }

    /** Whether a class was reached. */
    boolean reaches(int c) {
        return rank[c] >= 0;
    }

    /** What an element is to the scans: a nonzero live element between two classes that are not frozen. */
    private interface Visit {
        void edge(int element, int near, int far, double square);
    }

    private void scan(int p, Visit visit) {
        BitSet live = graph.live();
        int from = graph.offset(p);
        int end = graph.offset(p + 1);
        int first = live.nextSetBit(from);
        if (first < 0 || first >= end) {
            return;
        }
        int[] near = (forward ? graph.heads(p) : graph.tails(p)).expand();
        int[] far = (forward ? graph.tails(p) : graph.heads(p)).expand();
        double[] theta = weights.get(Network.nameOf(graph.parameters().get(p))).data();
        for (int e = first; e >= 0 && e < end; e = live.nextSetBit(e + 1)) {
            double w = theta[e - from];
            int n = near[e - from];
            int f = far[e - from];
            if (w != 0 && n != graph.ground() && !frozen.get(n) && !frozen.get(f)) {
                visit.edge(e, n, f, w * w);
            }
        }
    }

    private void run() {
        int now = 0;
        boolean more = true;
        while (more) {
            more = false;
            for (int p : order) {
                now++;
                int stamp = now;
                // What is reached stays as it is, so a parameter is passed over once, as a rule.
                if (Arrays.stream((forward ? graph.heads(p) : graph.tails(p)).ids())
                        .allMatch(c -> rank[c] >= 0 || frozen.get(c))) {
                    continue;
                }
                scan(p, (e, near, far, square) -> {
                    if ((rank[near] < 0 || rank[near] == stamp) && rank[far] >= 0 && rank[far] < stamp) {
                        rank[near] = stamp;
                        energy[near] += square * energy[far];
                    }
                });
                for (int c : graph.heads(p).ids()) {
                    more |= rank[c] == stamp;
                }
                for (int c : graph.tails(p).ids()) {
                    more |= rank[c] == stamp;
                }
            }
        }
    }

    private boolean admissible(int near, int far) {
        return rank[near] >= 0 && rank[far] >= 0 && rank[far] < rank[near];
    }

    /** Per class the admissible element with the largest w²·s², the first of about equal ones. */
    int[] strongest() {
        int classes = graph.ground();
        double[] best = new double[classes];
        for (int p : order) {
            scan(p, (e, near, far, square) -> {
                if (admissible(near, far)) {
                    best[near] = Math.max(best[near], square * energy[far]);
                }
            });
        }
        int[] chosen = SkeletonChoice.none(classes);
        for (int p = 0; p < graph.parameters().size(); p++) {
            scan(p, (e, near, far, square) -> {
                if (admissible(near, far)
                        && chosen[near] == Skeleton.NONE
                        && square * energy[far] >= best[near] * (1 - 2 * TIE)) {
                    chosen[near] = e;
                }
            });
        }
        return chosen;
    }

    /** Per class the admissible element of the first parameter that has one, at the place that the index rule says. */
    int[] byIndex() {
        int[] chosen = SkeletonChoice.none(graph.ground());
        long[] best = new long[graph.ground()];
        for (int p : order) {
            IndexRule rule = new IndexRule(graph, p, forward);
            boolean[] before = new boolean[graph.ground()];
            for (int c = 0; c < before.length; c++) {
                before[c] = chosen[c] != Skeleton.NONE;
            }
            scan(p, (e, near, far, square) -> {
                if (admissible(near, far) && !before[near]) {
                    long distance = rule.distance(e - graph.offset(p));
                    if (chosen[near] == Skeleton.NONE || distance < best[near]) {
                        chosen[near] = e;
                        best[near] = distance;
                    }
                }
            });
        }
        return chosen;
    }
}
