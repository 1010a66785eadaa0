package org.quotient.geometry.criteria;

/**
 * F(z) = m·log S(z) + ℓ·z + ½ Σ_h μ_h z_h² with S a sum of exponentials: convex, the one form of all criteria here.
 *
 * @param terms S
 * @param multiplier m &gt; 0
 * @param linear ℓ, with a 0 for the ground at the end
 * @param ridge μ ≥ 0, with a 0 for the ground at the end
 */
@SuppressWarnings("ArrayRecordComponent")
record Objective(Terms terms, double multiplier, double[] linear, double[] ridge) {

    int scales() {
        return terms.scales;
    }

    /** m·s², the factor between the covariance of the rows and the Hessian. */
    double curvature() {
        return multiplier * terms.speed * terms.speed;
    }

    /** F where S has been evaluated. */
    double value(double[] z, Terms.Weights w) {
        double sum = 0;
        for (int h = 0; h < scales(); h++) {
            sum += linear[h] * z[h] + ridge[h] / 2 * z[h] * z[h];
        }
        return multiplier * w.logSum + sum;
    }

    /** ∇F = m·s·Rᵀw + ℓ + μz. */
    double[] gradient(double[] z, Terms.Weights w) {
        double[] g = new double[scales() + 1];
        for (int h = 0; h < scales(); h++) {
            g[h] = multiplier * terms.speed * w.mean[h] + linear[h] + ridge[h] * z[h];
        }
        return g;
    }

    /** ∇²F·y = m·s²·(RᵀWR − Rᵀw wᵀR)·y + μy. */
    void hessian(Terms.Weights w, double[] y, double[] out) {
        terms.covariance(w, y, out);
        for (int h = 0; h < scales(); h++) {
            out[h] = curvature() * out[h] + ridge[h] * y[h];
        }
    }

    /** The same with another ridge. */
    Objective withRidge(double[] other) {
        return new Objective(terms, multiplier, linear, other);
    }

    /** F as a function of one shift per family, up to a constant. */
    Objective aggregate(Families families, double[] z, Terms.Weights w) {
        double[] slope = linear.clone();
        for (int h = 0; h < scales(); h++) {
            slope[h] += ridge[h] * z[h];
        }
        return new Objective(
                families.aggregate(terms, w), multiplier, families.restrict(slope), families.restrict(ridge));
    }
}
