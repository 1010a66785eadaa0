package org.quotient.geometry.criteria;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.lifting.PathLifting;
import org.quotient.geometry.lifting.ScaledTensor;

/**
 * A convex function of the log-scales z of a rescaling θ·exp(Bz) that chooses a representative of the class of θ. All are of
 * one form, F(z) = m·log Σ_i E_i·e^{s(Bz)_i} + ℓ·z (+ μ/2·‖z‖²), with energies E_i ≥ 0 per parameter element:
 *
 * <ul>
 *   <li>{@link #pathCond}: E = diag G, s = −2, m = p, ℓ = 2Bᵀ1: the log-det divergence of α·diag G from a diagonal reference,
 *       minimised over α (Lebeurrier, Vayer, Gribonval 2026). The elements with E_i = 0 do not count in p and ℓ.
 *   <li>{@link #enorm}: E = c·|θ|^q, s = q, m = 1, ℓ = 0: Σ c_i|θ_i|^q, whose minimum is equi-normalised (Stock et al. 2019;
 *       here with biases and for any graph); q = 2 gives the balanced representative.
 *   <li>{@link #gradientBalanced}: E = (∂L/∂θ)², s = −2, m = 1, ℓ = 0: the squared norm of the gradient, the smallest that
 *       teleportation along the orbit can reach (Zhao et al. 2022, for positive scalings).
 * </ul>
 *
 * <p>Scales that a normalisation removes are left where they are: moving them is a symmetry for ε = 0 only, and paths end there.
 * Scales of dead units, which have no energy on one of their sides, are left too: sums of energies have no minimum in them, and for
 * path conditioning it is a convention, since no path goes through them (the minimum is that over the other scales, and what dead
 * units contribute depends on the representative). {@link #frozen} names both.
 */
public final class OrbitCriterion {
    private final String name;
    private final RescalingGroup group;
    private final Coordinates coordinates;
    private final Objective objective;
    private final Scale scale;
    private final double offset;
    private final BitSet live;
    private final boolean empty;

    /** How a value of F is reported. */
    private enum Scale {
        /** As F plus an offset, which is a divergence and not negative. */
        DIVERGENCE,
        /** As e^F: a sum of energies. */
        SUM
    }

    private OrbitCriterion(
            String name,
            RescalingGroup group,
            Coordinates coordinates,
            Objective objective,
            Scale scale,
            double offset) {
        this.name = name;
        this.group = group;
        this.coordinates = coordinates;
        this.objective = objective;
        this.scale = scale;
        this.offset = offset;
        this.live = Reach.live(objective.terms());
        this.empty = objective.terms().isEmpty();
    }

    /** Path conditioning with the identity as reference; see {@link #pathCond(RescalingGroup, PathLifting, Map)}. */
    public static OrbitCriterion pathCond(RescalingGroup group, PathLifting lifting) {
        return pathCond(group, lifting, Map.of());
    }

    /**
     * Path conditioning: p·log Σ g_i e^{−2(Bz)_i}/r_i − p·log p + 2·1ᵀBz − Σ log(g_i/r_i), with g the diagonal of G, which is p
     * times the Kullback-Leibler divergence of the normalised diagonal from the uniform distribution (from r, for another
     * reference). It has exactly one minimiser on the scales that are not {@link #frozen}.
     *
     * @param group of the lifting's network
     * @param lifting the path lifting at θ; {@link PathLifting#withInputEnergies} makes it one of the data
     * @param reference per name of a parameter a positive tensor of its shape, the wanted diagonal; 1 for those not named
     */
    public static OrbitCriterion pathCond(RescalingGroup group, PathLifting lifting, Map<String, Tensor> reference) {
        if (!group.network().equals(lifting.model().network())) {
            throw new IllegalArgumentException(
                    "The group is of another network ('" + group.network().name() + "') than the path lifting ('"
                            + lifting.model().network().name() + "')");
        }
        Coordinates coordinates = Coordinates.of(group);
        TermsBuilder terms = gather(group, coordinates, Energies.relative(lifting.energies(), reference));
        double p = terms.elements();
        double[] linear = terms.counts();
        for (int h = 0; h < linear.length; h++) {
            linear[h] *= 2;
        }
        Objective objective =
                new Objective(terms.build(-2), Math.max(p, 1), linear, new double[coordinates.count() + 1]);
        double offset = p == 0 ? 0 : -p * Math.log(p) - terms.sumLog();
        return new OrbitCriterion("pathcond", group, coordinates, objective, Scale.DIVERGENCE, offset);
    }

    /**
     * Equi-normalisation: Σ_i c_i·|θ_i|^q·e^{q(Bz)_i} over all parameters, biases included. At the minimum the energies that
     * enter and leave each unit agree.
     *
     * @param model θ
     * @param q &gt; 0
     * @param weights per name of a parameter its positive factor c; 1 for those not named
     */
    public static OrbitCriterion enorm(RescalingGroup group, Model model, double q, Map<String, Double> weights) {
        if (!(q > 0 && q < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("The exponent of a norm must be positive and finite; given " + q);
        }
        return sum(
                "enorm",
                group,
                q,
                Energies.powers(group.network(), model.weights().asMap(), q, weights));
    }

    /** {@link #enorm} with q = 2 and no weights: Σθ² is least, so every unit is balanced, ‖w_in‖² + b² = ‖w_out‖². */
    public static OrbitCriterion balanced(RescalingGroup group, Model model) {
        return sum(
                "balanced",
                group,
                2,
                Energies.powers(group.network(), model.weights().asMap(), 2, Map.of()));
    }

    /**
     * The squared norm of the gradient at the rescaled parameters, Σ_i (∂L/∂θ_i)²·e^{−2(Bz)_i}: a gradient is a covector.
     *
     * @param gradient per name of a parameter ∂L/∂θ, of its shape
     */
    public static OrbitCriterion gradientBalanced(RescalingGroup group, Map<String, Tensor> gradient) {
        return sum("gradient-balanced", group, -2, Energies.powers(group.network(), gradient, 2, Map.of()));
    }

    private static OrbitCriterion sum(
            String name, RescalingGroup group, double speed, Map<String, ScaledTensor> energies) {
        Coordinates coordinates = Coordinates.of(group);
        TermsBuilder terms = gather(group, coordinates, energies);
        double[] none = new double[coordinates.count() + 1];
        Objective objective = new Objective(terms.build(speed), 1, none, none.clone());
        return new OrbitCriterion(name, group, coordinates, objective, Scale.SUM, 0);
    }

    private static TermsBuilder gather(
            RescalingGroup group, Coordinates coordinates, Map<String, ScaledTensor> energies) {
        TermsBuilder terms = new TermsBuilder(coordinates);
        List<Expr> parameters = group.network().parameters();
        for (int k = 0; k < parameters.size(); k++) {
            terms.add(group.scaleLaw(k), Objects.requireNonNull(energies.get(Network.nameOf(parameters.get(k)))));
        }
        return terms;
    }

    /**
     * The same criterion plus μ/2·‖z‖² (for sums of energies: their logarithm plus μ/2·‖z‖²): strictly convex on all scales that are not removed by a normalisation, so that dead
     * units stay where they are without being frozen, and the minimiser depends on θ, not on its class alone.
     *
     * @param mu μ &gt; 0
     */
    public OrbitCriterion regularised(double mu) {
        if (!(mu > 0 && mu < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("The weight of ‖z‖² must be positive and finite; given " + mu);
        }
        double[] ridge = new double[coordinates.count() + 1];
        Arrays.fill(ridge, 0, coordinates.count(), mu);
        Objective other = new Objective(objective.terms(), objective.multiplier(), objective.linear(), ridge);
        return new OrbitCriterion(name, group, coordinates, other, scale, offset);
    }

    /** Such as {@code pathcond}. */
    public String name() {
        return name;
    }

    /** The group whose orbit it is on. */
    public RescalingGroup group() {
        return group;
    }

    /**
     * The criterion's value without regularisation: the divergence, or the sum of energies.
     *
     * @param z one number per generator
     */
    public double value(double[] z) {
        double[] y = coordinatesOf(z);
        return value(y, at(y));
    }

    /** The value where the terms are known. */
    double value(double[] y, Terms.Weights w) {
        if (empty) {
            return 0;
        }
        double log = objective.multiplier() * w.logSum;
        for (int h = 0; h < coordinates.count(); h++) {
            log += objective.linear()[h] * y[h];
        }
        return switch (scale) {
            case DIVERGENCE -> Math.max(0, log + offset);
            case SUM -> Math.exp(log);
        };
    }

    /** The trace Σ E_i·e^{s(Bz)_i}: for path conditioning tr G = tr K at the rescaled parameters. */
    public double trace(double[] z) {
        return empty ? 0 : Math.exp(at(coordinatesOf(z)).logSum);
    }

    /** F(z), the convex function that is minimised, up to a constant. */
    public double objective(double[] z) {
        double[] y = coordinatesOf(z);
        return objective.value(y, at(y));
    }

    /** ∇F(z) along the coordinates that are free to move (see {@link #free}). */
    public double[] gradient(double[] z) {
        double[] y = coordinatesOf(z);
        return Arrays.copyOf(objective.gradient(y, at(y)), coordinates.count());
    }

    /** The generators that the entries of {@link #gradient} belong to: those that no normalisation removes. */
    public int[] free() {
        int[] out = new int[coordinates.count()];
        Arrays.setAll(out, coordinates::generator);
        return out;
    }

    private Terms.Weights at(double[] y) {
        Terms.Weights w = objective.terms().allocate();
        objective.terms().at(y, 0, w);
        return w;
    }

    private double[] coordinatesOf(double[] z) {
        if (z.length != group.rank()) {
            throw new IllegalArgumentException(
                    "The group has " + group.rank() + " generators; given " + z.length + " numbers");
        }
        double[] y = coordinates.restrict(z);
        return Arrays.copyOf(y, y.length + 1);
    }

    /** A scale that the criterion leaves where it is, and why. */
    public record Frozen(int generator, String reason) {}

    /** The generators that are not moved. */
    public List<Frozen> frozen() {
        List<Frozen> out = new ArrayList<>();
        for (int g : coordinates.frozen()) {
            out.add(new Frozen(g, "a normalisation removes its scale"));
        }
        BitSet moving = moving();
        for (int h = 0; h < coordinates.count(); h++) {
            if (!moving.get(h)) {
                out.add(new Frozen(
                        coordinates.generator(h),
                        name.equals("gradient-balanced")
                                ? "the gradient vanishes on one side of it"
                                : "dead: it has no path of nonzero parameters from an input or bias to an output"));
            }
        }
        return out;
    }

    /** The coordinates that move: all with a ridge, otherwise those that are live. */
    BitSet moving() {
        BitSet moving = new BitSet();
        for (int h = 0; h < coordinates.count(); h++) {
            moving.set(h, live.get(h) || objective.ridge()[h] > 0);
        }
        return moving;
    }

    Objective form() {
        return objective;
    }

    Coordinates coordinates() {
        return coordinates;
    }

    /** The minimiser, exactly; see {@link Minimiser}. */
    public Minimum minimise() {
        return Minimiser.exact().minimise(this);
    }
}
