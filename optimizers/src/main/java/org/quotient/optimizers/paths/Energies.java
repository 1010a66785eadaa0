package org.quotient.optimizers.paths;

import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;

/**
 * The energies κ_e of the elements of one parameter, and what a gradient becomes when it is divided by them.
 *
 * <p>Where the squared network uses a parameter in one product only, κ is an outer product, γ_in²(u)·γ_out²(v): it is kept as its
 * two factors, and a gradient that is such a product of deltas and activations is divided by dividing those, before the product.
 * No matrix of the parameter's size is made.
 */
sealed interface Energies {

    /**
     * gradient/κ, and 0 where κ is 0.
     *
     * @param gradient of the parameter's shape
     */
    Expr divide(Expr gradient);

    /** κ, of the parameter's shape. */
    Expr value();

    /** An energy of 1 for every element: the parameter lies on no path and no rescaling moves it. */
    record Ones(Expr parameter) implements Energies {
        @Override
        public Expr divide(Expr gradient) {
            return gradient;
        }

        @Override
        public Expr value() {
            return Ops.fullLike(parameter, 1);
        }
    }

    /** One number an element. */
    record Full(Expr value) implements Energies {
        @Override
        public Expr divide(Expr gradient) {
            Expr positive = Ops.step(value);
            return gradient.times(positive)
                    .over(value.plus(Ops.fullLike(value, 1).minus(positive)));
        }
    }

    /**
     * The summation of two factors in which every letter that is summed has size 1.
     *
     * @param form letters of the factors and of the parameter
     */
    record Factors(Op.Einsum form, Expr left, Expr right) implements Energies {
        @Override
        public Expr divide(Expr gradient) {
            if (gradient.op().equals(form)) {
                return Expr.of(form, divided(gradient.operand(0), left), divided(gradient.operand(1), right));
            }
            Expr inverse = OuterProducts.product(form, inverse(left), inverse(right))
                    .orElseGet(() -> Expr.of(form, inverse(left), inverse(right)));
            return gradient.times(inverse);
        }

        @Override
        public Expr value() {
            return Expr.of(form, left, right);
        }

        /** An operand divided by the factor of its letters; inputs, whose factor is 1, stay the same expression. */
        private static Expr divided(Expr operand, Expr factor) {
            return isOne(factor) ? operand : operand.times(repeated(inverse(factor), operand));
        }

        private static boolean isOne(Expr factor) {
            Expr core = factor;
            while (core.op() instanceof Op.Broadcast || core.op() instanceof Op.Reshape) {
                core = core.operand(0);
            }
            return core.op() instanceof Op.Constant c
                    && c.value().size() == 1
                    && c.value().get(0) == 1;
        }

        /** The same energies where the axes of size 1 have the size of another expression, which may be the batch. */
        private static Expr repeated(Expr x, Expr like) {
            Shape from = x.shape();
            Shape to = like.shape();
            java.util.List<Integer> kept = new java.util.ArrayList<>();
            java.util.List<Integer> sizes = new java.util.ArrayList<>();
            for (int i = 0; i < to.rank(); i++) {
                if (from.size(i) == to.size(i)) {
                    kept.add(i);
                    sizes.add(from.size(i));
                }
            }
            return kept.size() == to.rank() ? x : Expr.of(new Op.Broadcast(to, kept), Ops.reshape(x, Shape.of(sizes)));
        }
    }

    /** 1/x, and 0 where x is 0; x is not negative. */
    static Expr inverse(Expr x) {
        Expr positive = Ops.step(x);
        return positive.over(x.plus(Ops.fullLike(x, 1).minus(positive)));
    }
}
