package org.quotient.geometry.basis;

import java.util.Arrays;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;

/**
 * The choice that makes a basis of the paths: for each class of units one incoming and one outgoing parameter element, such
 * that following the incoming ones backwards, and the outgoing ones forwards, ends at inputs and outputs (Meng et al. 2019
 * call their elements skeleton weights; here for any graph of classes). Immutable; two arrays of integers that can be
 * stored and restored.
 *
 * <p>Where the rescalings are not those of a graph, as for a recurrent weight that is used a number of times that all paths
 * share, the incoming elements are the ones whose values are kept instead ({@link EliminatedSpace}), and there are no
 * outgoing ones.
 */
public final class Skeleton {
    /** In place of an element: none, for sinks and for classes that are frozen. */
    public static final int NONE = -1;

    private final int[] in;
    private final int[] out;

    private Skeleton(int[] in, int[] out) {
        this.in = in;
        this.out = out;
    }

    /**
     * A stored skeleton. Whether it fits a network is checked by {@link GSpace#of}.
     *
     * @param in per generator of the group an element (numbered over the network's parameters one after the other,
     *     row-major), or {@link #NONE}
     * @param out likewise
     * @throws IllegalArgumentException if their lengths differ
     */
    public static Skeleton of(int[] in, int[] out) {
        if (in.length != out.length) {
            throw new IllegalArgumentException(
                    "A skeleton has as many incoming as outgoing elements; given " + in.length + " and " + out.length);
        }
        return new Skeleton(in.clone(), out.clone());
    }

    /**
     * The published rule where it was published, and its natural extension elsewhere: unit j of a layer has its incoming
     * element from unit j mod n of the layer before, and its outgoing element to unit j mod n' of the layer after, at the
     * middle tap of a kernel (Meng et al. 2019, released code). Of several parameters that enter a class the earliest in
     * the forward graph is taken, of several that leave it the latest; units are counted in the order in which a parameter
     * meets their classes, and of the positions of a flattened channel the middle one is taken. Elements that are zero or
     * would close a circle are passed over for the next ones. The choice depends on the order of units, not on the
     * representative.
     *
     * @param group the network's rescalings
     * @param weights read only for which elements are zero
     * @throws IllegalArgumentException if the rescalings are not those of a graph and the network is not small
     */
    public static Skeleton byIndex(RescalingGroup group, Weights weights) {
        return choose(group, weights, false);
    }

    /**
     * The strongest connections: incoming elements with the largest |w|·s_u/s_v and outgoing elements with the largest
     * |w|·t_v/t_u, with s and t the root sums of squares that arrive from the inputs and from the outputs, biases left out and, where
     * several parameters write into a class, along the one that reaches it first. Both scores are
     * invariant under rescaling, as |w| alone is not, so the choice is a function of the orbit. Scores that agree to 2^−15
     * count as equal and go to the first element, so that rounding decides nothing.
     *
     * @param group the network's rescalings
     * @param weights a representative
     * @throws IllegalArgumentException if the rescalings are not those of a graph and the network is not small
     */
    public static Skeleton byScore(RescalingGroup group, Weights weights) {
        return choose(group, weights, true);
    }

    private static Skeleton choose(RescalingGroup group, Weights weights, boolean score) {
        ClassGraphReader.Reading reading = ClassGraphReader.read(group);
        ClassGraph graph = reading.graph();
        return graph == null
                ? Elimination.pivots(group, weights, reading.obstacle())
                : SkeletonChoice.of(graph, weights, score);
    }

    /** Per generator the incoming element, or {@link #NONE}; a copy. */
    public int[] in() {
        return in.clone();
    }

    /** Per generator the outgoing element, or {@link #NONE}; a copy. */
    public int[] out() {
        return out.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Skeleton s && Arrays.equals(in, s.in) && Arrays.equals(out, s.out);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(in) + Arrays.hashCode(out);
    }

    @Override
    public String toString() {
        return "in " + Arrays.toString(in) + ", out " + Arrays.toString(out);
    }
}
