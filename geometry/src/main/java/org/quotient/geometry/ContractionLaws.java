package org.quotient.geometry;

import java.util.List;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;

/** The scaling law of Einstein summation: every live term left·right has the scale of the entry that it is added to. */
final class ContractionLaws {
    private ContractionLaws() {}

    static BlockTensor einsum(Inference pass, Expr node, Op.Einsum e) {
        int fresh = freshOperand(pass, node);
        if (fresh >= 0 && !pass.elements) {
            return structured(pass, node, e, fresh);
        }
        return termByTerm(pass, node, e);
    }

    /**
     * The operand that is a parameter of this layer alone, if the other one's scales are known; or −1. (A parameter that
     * other layers use too may be live there where it is not here, so it is taken term by term.)
     */
    static int freshOperand(Inference pass, Expr node) {
        for (int k = 1; k >= 0; k--) {
            if (isUntouched(pass, node.operand(k)) && !isUntouched(pass, node.operand(1 - k))) {
                boolean known = true;
                for (int code : pass.potential(node.operand(1 - k)).ids) {
                    known &= pass.lookup(code) >= 0;
                }
                return known ? k : -1;
            }
        }
        return -1;
    }

    private static boolean isUntouched(Inference pass, Expr operand) {
        return operand.op() instanceof Op.Variable v
                && v.role() == Op.Role.PARAMETER
                && pass.usedOnce(operand)
                && pass.scales.untouched(pass.scales.index(v.name()));
    }

    private static BlockTensor structured(Inference pass, Expr node, Op.Einsum e, int fresh) {
        String weight = fresh == 0 ? e.left() : e.right();
        String other = fresh == 0 ? e.right() : e.left();
        Expr parameter = node.operand(fresh);
        Expr input = node.operand(1 - fresh);
        BlockTensor x = forms(pass, pass.potential(input));
        int[] sizes = BlockTensor.sizesOf(node.shape());
        int[] extents = new int[sizes.length];
        for (int i = 0; i < extents.length; i++) {
            char letter = e.out().charAt(i);
            int place = other.indexOf(letter);
            extents[i] = weight.indexOf(letter) >= 0 ? sizes[i] : x.extents[place];
        }
        for (int i = 0; i < other.length(); i++) {
            if (weight.indexOf(other.charAt(i)) < 0 && x.varies(i)) {
                return termByTerm(pass, node, e);
            }
        }
        boolean uniform = Masks.within(pass.liveness.mask(node), extents);
        int[] inputExtents = x.extents.clone();
        for (int i = 0; i < other.length(); i++) {
            inputExtents[i] = weight.indexOf(other.charAt(i)) >= 0 ? x.sizes[i] : 1;
        }
        if (!uniform || !Masks.within(pass.liveness.mask(input), inputExtents)) {
            pass.collapse(node, "not all positions of a block are live");
        }
        int[] live = Masks.onto(pass.liveness.mask(node), extents).ids;
        int[] out = new int[live.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = live[i] == 1 ? pass.fresh(node, LawKind.UNIT) : 0;
        }
        BlockTensor result = new BlockTensor(sizes, extents, out);
        int variable = pass.scales.index(((Op.Variable) parameter.op()).name());
        int[] shape = BlockTensor.sizesOf(parameter.shape());
        pass.scales.structure(
                variable,
                List.of(
                        new ParameterScales.Addend(1, project(result, e.out(), weight, shape)),
                        new ParameterScales.Addend(-1, project(x, other, weight, shape))));
        return result;
    }

    private static BlockTensor forms(Inference pass, BlockTensor potential) {
        int[] ids = potential.ids.clone();
        for (int i = 0; i < ids.length; i++) {
            ids[i] = pass.lookup(ids[i]);
        }
        return new BlockTensor(potential.sizes, potential.extents, ids);
    }

    /** A block tensor with axes named by letters, over the axes of a weight; letters that the weight lacks are uniform. */
    private static BlockTensor project(BlockTensor block, String letters, String weight, int[] shape) {
        int[] strides = block.strides();
        int[] extents = new int[weight.length()];
        int[] step = new int[weight.length()];
        for (int i = 0; i < extents.length; i++) {
            int axis = letters.indexOf(weight.charAt(i));
            extents[i] = axis < 0 ? 1 : block.extents[axis];
            step[i] = axis < 0 ? 0 : strides[axis];
        }
        int[] ids = new int[BlockTensor.product(extents)];
        BlockTensor.walk(extents, step, 0, (i, at) -> ids[i] = block.ids[at]);
        return new BlockTensor(shape, extents, ids);
    }

    private static BlockTensor termByTerm(Inference pass, Expr node, Op.Einsum e) {
        BlockTensor a = pass.potential(node.operand(0));
        BlockTensor b = pass.potential(node.operand(1));
        StringBuilder letters = new StringBuilder(e.out());
        for (char c : (e.left() + e.right()).toCharArray()) {
            if (letters.indexOf(String.valueOf(c)) < 0) {
                letters.append(c);
            }
        }
        int[] sizes = BlockTensor.sizesOf(node.shape());
        int[] loop = new int[letters.length()];
        for (int i = 0; i < loop.length; i++) {
            int p = e.left().indexOf(letters.charAt(i));
            int q = e.right().indexOf(letters.charAt(i));
            loop[i] = Math.max(
                    p >= 0 ? extent(pass, a, node.operand(0), p) : 1, q >= 0 ? extent(pass, b, node.operand(1), q) : 1);
        }
        Side left = side(pass, node.operand(0), a, e.left(), letters, loop);
        Side right = side(pass, node.operand(1), b, e.right(), letters, loop);
        int[] extents = new int[sizes.length];
        System.arraycopy(loop, 0, extents, 0, extents.length);
        int[] live = Masks.onto(pass.liveness.mask(node), extents).ids;
        BlockTensor shape = BlockTensor.filled(sizes, extents, 0);
        int[] outStep = new int[loop.length];
        System.arraycopy(shape.strides(), 0, outStep, 0, extents.length);
        if (!Masks.within(pass.liveness.mask(node), extents) || left.partial() || right.partial()) {
            pass.collapse(node, "not all positions of a block are live");
        }
        boolean activations =
                !ElementwiseLaws.isConstant(node.operand(0)) && !ElementwiseLaws.isConstant(node.operand(1));
        Joiner out = new Joiner(pass, node, live.length, LawKind.UNIT);
        int[] atRight = positions(loop, right.step());
        int[] atOut = positions(loop, outStep);
        BlockTensor.walk(loop, left.step(), 0, (i, at) -> {
            if (live[atOut[i]] == 1 && left.live()[at] == 1 && right.live()[atRight[i]] == 1) {
                if (activations && left.codes()[at] >= 0 && right.codes()[atRight[i]] >= 0) {
                    pass.mark(left.codes()[at], Tie.ATTENTION);
                    pass.mark(right.codes()[atRight[i]], Tie.ATTENTION);
                }
                out.joinProduct(atOut[i], left.codes()[at], right.codes()[atRight[i]], 1);
            }
        });
        return new BlockTensor(sizes, extents, out.forms());
    }

    private static int extent(Inference pass, BlockTensor potential, Expr operand, int axis) {
        return pass.elements
                ? Math.max(potential.extents[axis], BlockTensor.sizesOf(operand.shape())[axis])
                : potential.extents[axis];
    }

    private record Side(int[] codes, int[] live, int[] step, boolean partial) {}

    private static Side side(
            Inference pass, Expr operand, BlockTensor potential, String own, CharSequence letters, int[] loop) {
        int[] extents = new int[own.length()];
        for (int i = 0; i < letters.length(); i++) {
            int axis = own.indexOf(letters.charAt(i));
            if (axis >= 0) {
                extents[axis] = loop[i];
            }
        }
        BlockTensor codes = potential.expand(extents);
        BlockTensor mask = pass.liveness.mask(operand);
        int[] strides = codes.strides();
        int[] step = new int[loop.length];
        for (int i = 0; i < loop.length; i++) {
            int axis = own.indexOf(letters.charAt(i));
            step[i] = axis < 0 ? 0 : strides[axis];
        }
        return new Side(codes.ids, Masks.onto(mask, extents).ids, step, !Masks.within(mask, extents));
    }

    private static int[] positions(int[] extents, int[] step) {
        int[] out = new int[BlockTensor.product(extents)];
        BlockTensor.walk(extents, step, 0, (i, at) -> out[i] = at);
        return out;
    }
}
