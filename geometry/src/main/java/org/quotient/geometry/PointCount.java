package org.quotient.geometry;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.network.Model;

/**
 * Dimensions at one point θ, which depend on which parameters are exactly zero there.
 *
 * @param zeros live parameters that are zero at θ
 * @param orbitDimension the dimension of the orbit through θ: the rank of B on the rows of live parameters with θ_i ≠ 0
 * @param rankPathLifting the rank of ∂Φ(θ), the Jacobian of the path lifting (up to the free scales of normalisations); a
 *     lower bound where the dimension is not proved
 */
public record PointCount(long zeros, int orbitDimension, long rankPathLifting) {

    /**
     * Counts at a point.
     *
     * <p>A path without zeros contributes its row of A over the nonzero parameters; a path with exactly one zero, used once,
     * contributes that parameter alone; other paths contribute nothing. So the rank is that of the network without its zero
     * parameters, plus the zero parameters that would be felt if restored one at a time.
     *
     * @param group the network's group
     * @param model the network at θ
     */
    public static PointCount of(RescalingGroup group, Model model) {
        BitSet zeros = RescalingGroup.zeros(model);
        zeros.and(group.liveness().live());
        if (zeros.isEmpty()) {
            return new PointCount(0, group.rank(), rank(group));
        }
        Liveness without = Liveness.of(model.network(), zeros);
        BitSet restored = without.felt();
        restored.and(zeros);
        RescalingGroup rest = RescalingGroup.of(model.network(), without);
        return new PointCount(zeros.cardinality(), orbit(group, zeros), rank(rest) + restored.cardinality());
    }

    /** The certified rank of the paths of a network: live minus generators where that is proved, else the lower bound. */
    private static long rank(RescalingGroup group) {
        return DimensionCount.of(group).certificate().lower();
    }

    private static int orbit(RescalingGroup group, BitSet zeros) {
        BitSet rows = group.liveness().live();
        rows.andNot(zeros);
        Relations independent = new Relations();
        Map<Integer, Integer> unknownOf = new HashMap<>();
        for (int u : group.freeUnknowns()) {
            unknownOf.put(u, independent.fresh(""));
        }
        ParameterScales scales = group.inference().scales;
        Set<LinearForm> seen = new HashSet<>();
        for (int v = 0; v < scales.variables().size() && scales.offset(v) < scales.trainable(); v++) {
            for (LinearForm form : forms(group, v, rows)) {
                if (!form.isZero() && seen.add(form)) {
                    int sum = 0;
                    for (int k = 0; k < form.terms(); k++) {
                        int unknown = unknownOf.getOrDefault(form.unknownAt(k), 0);
                        sum = independent.plus(sum, unknown, form.coefficientAt(k));
                    }
                    independent.vanish(sum);
                }
            }
        }
        return group.rank() - independent.free().size();
    }

    /** The scale of each block of a variable that has a counted row; zero for the other blocks. */
    private static LinearForm[] forms(RescalingGroup group, int variable, BitSet rows) {
        ParameterScales scales = group.inference().scales;
        Expr node = scales.variables().get(variable);
        BlockTensor counted = BlockTensor.filled(BlockTensor.sizesOf(node.shape()), group.blockExtents(variable), 0);
        int offset = scales.offset(variable);
        BlockTensor.walk(
                counted.sizes, counted.strides(), 0, (i, at) -> counted.ids[at] |= rows.get(offset + i) ? 1 : 0);
        return group.blockRows(variable, i -> counted.ids[i] == 1);
    }
}
