package org.quotient.geometry;

import java.util.List;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.geometry.paths.ConfirmedDegrees;

/** Scaling laws of operations that act number by number. */
final class ElementwiseLaws {
    private ElementwiseLaws() {}

    private static int[] extents(Inference pass, Expr node) {
        int[] extents = pass.potential(node.operand(0)).extents;
        for (Expr operand : node.operands()) {
            extents = BlockTensor.join(extents, pass.potential(operand).extents);
            if (pass.elements) {
                extents = BlockTensor.join(extents, pass.liveness.mask(operand).extents);
            }
        }
        return extents;
    }

    /** Addition, subtraction and maximum: terms that are both present have one scale. */
    static BlockTensor sum(Inference pass, Expr node) {
        int[] extents = extents(pass, node);
        int[][] codes = new int[2][];
        int[][] live = new int[2][];
        BlockTensor both = null;
        for (int k = 0; k < 2; k++) {
            Expr operand = node.operand(k);
            codes[k] = pass.potential(operand).expand(extents).ids;
            BlockTensor mask = pass.liveness.mask(operand);
            live[k] = Masks.onto(mask, extents).ids;
            both = both == null ? mask : Masks.and(both, mask);
        }
        int[] overlap = both == null ? live[0] : Masks.onto(both, extents).ids;
        Joiner out = new Joiner(pass, node, codes[0].length, LawKind.PARAMETER);
        for (int i = 0; i < codes[0].length; i++) {
            if (live[0][i] == 1 && live[1][i] == 1 && overlap[i] == 0) {
                pass.collapse(node, "its terms are present at different positions of one block");
            }
            if (live[0][i] == 1 && live[1][i] == 1 && codes[0][i] > 0 && codes[1][i] > 0) {
                pass.mark(codes[0][i], Tie.RESIDUAL);
                pass.mark(codes[1][i], Tie.RESIDUAL);
            }
            for (int k = 0; k < 2; k++) {
                boolean fixes = live[0][i] == 1 && live[1][i] == 1 && codes[k][i] == 0 && isConstant(node.operand(k));
                if (fixes
                        && codes[1 - k][i] > 0
                        && !pass.relations.normal(codes[1 - k][i]).isZero()) {
                    pass.pinnedBy(node, "a constant is added or compared");
                }
            }
            // Known terms first, so that a parameter simply takes their scale.
            for (int k : pass.lookup(codes[0][i]) < 0 ? new int[] {1, 0} : new int[] {0, 1}) {
                if (live[k][i] == 1) {
                    out.join(i, codes[k][i]);
                }
            }
            for (int k = 0; k < 2; k++) {
                if (live[k][i] == 0) {
                    out.carry(i, codes[k][i]);
                }
            }
        }
        return new BlockTensor(BlockTensor.sizesOf(node.shape()), extents, out.forms());
    }

    /** x·y^degree for degree 1 (product) or −1 (quotient): scales add. */
    static BlockTensor product(Inference pass, Expr node, int degree) {
        int[] extents = extents(pass, node);
        int[] x = pass.potential(node.operand(0)).expand(extents).ids;
        int[] y = pass.potential(node.operand(1)).expand(extents).ids;
        int[] live = Masks.onto(pass.liveness.mask(node), extents).ids;
        boolean gate = !isConstant(node.operand(0)) && !isConstant(node.operand(1));
        boolean gain = node.operands().stream().anyMatch(ElementwiseLaws::isNormalised);
        Joiner out = new Joiner(pass, node, x.length, gain ? LawKind.GAIN : LawKind.SCALE);
        for (int i = 0; i < x.length; i++) {
            if (live[i] == 1) {
                if (gate && x[i] >= 0 && y[i] >= 0) {
                    pass.mark(x[i], Tie.GATE);
                    pass.mark(y[i], Tie.GATE);
                }
                out.joinProduct(i, x[i], y[i], degree);
            }
        }
        return new BlockTensor(BlockTensor.sizesOf(node.shape()), extents, out.forms());
    }

    /** x^(p/q): with log-scale q·w for x, p·w for the result. */
    static BlockTensor power(Inference pass, Expr node, Homogeneity.Degree degree) {
        int[] extents = extents(pass, node);
        int[] x = pass.potential(node.operand(0)).expand(extents).ids;
        int[] live = Masks.onto(pass.liveness.mask(node), extents).ids;
        Relations relations = pass.relations;
        int[] out = new int[x.length];
        for (int i = 0; i < x.length; i++) {
            if (live[i] == 0) {
                continue;
            }
            int form = pass.lookup(x[i]);
            if (form >= 0 && degree.denominator() == 1) {
                out[i] = relations.times(form, degree.numerator());
            } else {
                int w = pass.fresh(node, LawKind.POWER);
                int whole = relations.times(w, degree.denominator());
                if (form < 0) {
                    pass.define(x[i], whole);
                } else {
                    relations.equate(form, whole);
                }
                out[i] = relations.times(w, degree.numerator());
            }
        }
        return new BlockTensor(BlockTensor.sizesOf(node.shape()), extents, out);
    }

    /** A custom operation of confirmed degrees: the scale is Σ degree·scale. */
    static BlockTensor custom(Inference pass, Expr node) {
        List<Integer> degrees = ConfirmedDegrees.of(node).orElseThrow();
        int[] extents = extents(pass, node);
        int[] live = Masks.onto(pass.liveness.mask(node), extents).ids;
        int[] out = new int[live.length];
        for (int k = 0; k < degrees.size(); k++) {
            int[] x = pass.potential(node.operand(k)).expand(extents).ids;
            for (int i = 0; i < out.length; i++) {
                if (live[i] == 1) {
                    int form = pass.lookup(x[i]);
                    if (form < 0) {
                        form = pass.fresh(node, LawKind.PARAMETER);
                        pass.define(x[i], form);
                    }
                    out[i] = pass.relations.plus(out[i], form, degrees.get(k));
                }
            }
        }
        return new BlockTensor(BlockTensor.sizesOf(node.shape()), extents, out);
    }

    private static boolean isNormalised(Expr node) {
        return node.op() instanceof Op.Standardise || node.op() instanceof Op.StandardiseWith;
    }

    /** Whether a node's value is fixed: a constant, moved, or a product of such. */
    static boolean isConstant(Expr node) {
        Expr at = node;
        while (at.op() instanceof Op.Move && at.operands().size() == 1) {
            at = at.operand(0);
        }
        return at.op() instanceof Op.Constant
                || at.op() instanceof Op.BatchSize
                || (isProduct(at) && isConstant(at.operand(0)) && isConstant(at.operand(1)));
    }

    /** Whether an operation is a plain elementwise product, as {@link Op.BinaryKind#MUL}. */
    private static boolean isProduct(Expr node) {
        return node.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.MUL;
    }
}
