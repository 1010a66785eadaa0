package org.quotient.optimizers.paths;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.optimizers.Law;
import org.quotient.optimizers.Memory;
import org.quotient.optimizers.Metric;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.Point;

/**
 * The metric of data-dependent path regularisation (Neyshabur, Tomioka, Salakhutdinov and Srebro 2016): with
 * γ_v² = α·E[z_v²] + (1−α)·Σ_u w_uv²γ_u², where inputs have γ² = E[x²] and expectations are over the batch, κ_e is half the second
 * derivative of Σ_out γ² in w_e with activations' masks held:
 *
 * <p>κ_e = (1−α)·β_v·γ_u² + α·Σ_k β_k·E[(∂z_k/∂w_e)²], β_out = 1, β_u = (1−α)·Σ_v β_v w_uv².
 *
 * <p>α = 0 is the path metric with inputs scaled by the data, α = 1 the diagonal of the Gauss-Newton matrix of the outputs. Units
 * z_k are what activations read, and the outputs, each position of an image being a unit of its own. A maximum counts as a sum
 * in γ and as its winner in ∂z_k. A parameter that paths use more than once has the first-order term in γ and the whole
 * derivative in ∂z_k. κ = 0 gives step 0.
 *
 * <p>What is supported: α = 0, every network that has a path lifting, normalisations included. α = 1, networks of any activations
 * whose samples do not influence each other (no batch normalisation). In between, of these the networks that no normalisation or
 * other operation without homogeneity cuts. Otherwise an error names the operation. The second term takes a backward pass for
 * each element of a unit's value, at most {@value #MOST_UNITS}, or is estimated: signs ±√β_k, independent for units and
 * samples, are put at all z_k, one backward pass gives a gradient for each sample, and the mean of its squares is unbiased.
 * The same estimate is drawn from every representative, so all rescalings are isometries.
 *
 * @param alpha α, from 0 to 1
 * @param draws how many backward passes the estimate averages, at least 1; 0 for the exact sum
 * @param seed of the estimate's signs
 */
public record DdpMetric(double alpha, int draws, long seed) implements Metric {
    /** Elements of units for which derivatives are taken one by one. */
    public static final int MOST_UNITS = 256;

    private static final String WHAT = "ddp-sgd with alpha > 0";

    /** Checks the settings. */
    public DdpMetric {
        if (!(alpha >= 0 && alpha <= 1)) {
            throw new IllegalArgumentException("The share alpha of the data is from 0 to 1; given " + alpha);
        }
        if (draws < 0) {
            throw new IllegalArgumentException(
                    "The estimate averages 1 or more draws, or 0 for the exact sum; given " + draws);
        }
    }

    @Override
    public ParameterVector gradient(ParameterVector differential, Point at, Memory memory) {
        Map<String, Energies> energies = energies(at);
        return differential.mapNamed((name, g) ->
                java.util.Objects.requireNonNull(energies.get(name)).divide(g));
    }

    /** κ of every element, as it is divided by. */
    public ParameterVector kappa(Point at) {
        Map<String, Energies> energies = energies(at);
        return at.theta()
                .mapNamed((name, w) ->
                        java.util.Objects.requireNonNull(energies.get(name)).value());
    }

    private Map<String, Energies> energies(Point at) {
        Network network = at.problem().trained();
        List<Expr> units = alpha == 0 ? List.of() : Units.of(network, alpha < 1 ? WHAT + " and < 1" : "");
        Map<Expr, Expr> moments = new IdentityHashMap<>();
        Map<Expr, Expr> mixed = new IdentityHashMap<>();
        SquaredNetwork squared = SquaredNetwork.of(at.problem(), at.theta(), 2, (node, sum) -> {
            if (node.op() instanceof Op.Variable v && v.role() == Op.Role.INPUT) {
                return moment(node, sum, moments);
            }
            if (!units.contains(node)) {
                return sum;
            }
            Expr value = moment(node, sum, moments).times(alpha).plus(sum.times(1 - alpha));
            mixed.put(node, value);
            return value;
        });
        List<Expr> nodes = new ArrayList<>(squared.sum().edges());
        units.forEach(u -> nodes.add(java.util.Objects.requireNonNull(mixed.get(u))));
        List<Expr> slopes = Differentiation.gradient(squared.sum().total(), nodes);
        int edges = squared.sum().edges().size();
        List<Expr> beta = squared.at(slopes.subList(edges, slopes.size()), moments);
        Map<String, Expr> added = alpha == 0 ? Map.of() : dataTerm(network, at, units, beta);
        return squared.energies(slopes.subList(0, edges), moments, added);
    }

    /** A variable in the place of E[z²], so that it counts as a constant. */
    private static Expr moment(Expr node, Expr sum, Map<Expr, Expr> moments) {
        Expr place = Expr.input("moment " + moments.size(), sum.dtype(), sum.shape());
        Expr mean = node.shape().isSymbolic() ? node.times(node).mean(0) : node.times(node);
        moments.put(place, Ops.reshape(mean, sum.shape()));
        return place;
    }

    /** α·Σ_k β_k·E[(∂z_k/∂w)²], by parameter. */
    private Map<String, Expr> dataTerm(Network network, Point at, List<Expr> units, List<Expr> beta) {
        SampleGradients gradients = SampleGradients.of(network, WHAT);
        return draws == 0 ? exactTerm(network, gradients, units, beta) : estimate(network, at, gradients, units, beta);
    }

    private Map<String, Expr> exactTerm(Network network, SampleGradients gradients, List<Expr> units, List<Expr> beta) {
        int all = beta.stream().mapToInt(b -> b.shape().elements()).sum();
        if (all > MOST_UNITS) {
            throw new IllegalArgumentException("'" + network.name() + "' has " + all
                    + " units, each of which needs a backward pass; ddp-sgd sums over at most " + MOST_UNITS
                    + " of them (estimate=true draws an unbiased estimate, alpha=0 needs none)");
        }
        Map<String, Expr> terms = new LinkedHashMap<>();
        for (int u = 0; u < units.size(); u++) {
            Expr unit = units.get(u);
            Shape one = beta.get(u).shape();
            Expr flat = Ops.reshape(beta.get(u), Shape.of(one.elements()));
            for (int i = 0; i < one.elements(); i++) {
                int place = i;
                Expr here = Expr.constant(
                        Tensor.fill(Shape.of(one.sizes()).without(List.of(0)), unit.dtype(), j -> j == place ? 1 : 0));
                Expr weight = Ops.slice(flat, 0, i, i + 1).sum();
                add(
                        terms,
                        network,
                        gradients.of(List.of(unit), List.of(Ops.broadcastTo(here, unit.shape()))),
                        units.get(u),
                        weight.times(alpha));
            }
        }
        return terms;
    }

    private Map<String, Expr> estimate(
            Network network, Point at, SampleGradients gradients, List<Expr> units, List<Expr> beta) {
        Expr low = at.perStep(t -> t % RandomSigns.STEPS);
        Expr high = at.perStep(t -> (double) (t / RandomSigns.STEPS));
        Map<String, Expr> terms = new LinkedHashMap<>();
        for (int d = 0; d < draws; d++) {
            List<Expr> cotangents = new ArrayList<>();
            for (int u = 0; u < units.size(); u++) {
                Expr unit = units.get(u);
                RandomSigns signs = new RandomSigns(seed, "draw " + d + " unit " + u);
                Expr root = Ops.sqrt(beta.get(u));
                Expr drop = Ops.reshape(root, root.shape().without(List.of(0)));
                cotangents.add(
                        Expr.of(new Op.Custom(signs), unit, low, high).times(Ops.broadcastTo(drop, unit.shape())));
            }
            Expr weight = Ops.scalar(alpha / draws, at.dtype());
            add(terms, network, gradients.of(units, cotangents), units.getFirst(), weight);
        }
        return terms;
    }

    /** Adds weight·E[gradient²]. */
    private static void add(
            Map<String, Expr> terms, Network network, SampleGradients.Result result, Expr batched, Expr weight) {
        Expr scale = weight.over(Ops.count(batched, List.of(0)));
        for (Expr p : network.parameters()) {
            String name = Network.nameOf(p);
            Expr term = result.squares(name).map(s -> s.times(scale)).orElseGet(() -> Ops.fullLike(p, 0));
            terms.merge(name, term, Expr::plus);
        }
    }

    @Override
    public Law law() {
        return Law.INVARIANT;
    }
}
