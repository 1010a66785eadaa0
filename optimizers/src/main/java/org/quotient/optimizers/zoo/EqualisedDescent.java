package org.quotient.optimizers.zoo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.Law;
import org.quotient.optimizers.Memory;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.Point;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.State;
import org.quotient.optimizers.Update;

/**
 * ENorm-SGD (Stock, Graham, Gribonval and Jégou 2019): between steps some cycles of equi-normalisation, which visit the hidden
 * units layer by layer with fresh norms R = ‖w_in‖_p and C = ‖w_out‖_p and rescale each by d = √(C/(cR)): w_in ← d·w_in,
 * w_out ← w_out/d. A visit never increases Σ‖W‖_p^p (c = 1), and the cycles tend to the only minimum on the orbit.
 *
 * <p>The cycles are made at the beginning of a step instead of at the end of the one before: the same functions, one cycle more
 * at the start, where nothing is left to do at the minimum, and one less at the end. So the differential can be carried along, by
 * 1/χ, while it is made, and the weights by χ as the step is stored: χw − ηg/χ is χ(w − ηg/χ²).
 *
 * <p>Here the biases belong to w_in, every hidden class of units is visited (channels, residual streams, gains and shifts of a
 * normalisation), and what the update remembers is rescaled along, each slot by its own power. The released code differs: it
 * takes norms from before the layer below was rescaled, leaves the last hidden layer out, does not rescale biases, treats
 * batch normalisation as if it were not there and rescales momentum for convolutions only; all but the first change the
 * function or the method, and none is copied. Units with nothing but zeros on one side keep their scale, as do scales that a
 * normalisation removes.
 *
 * <p>With {@code canonical}, which is our addition, training begins at the minimum over the orbit (and at unit norms before
 * normalisations), and the law is: invariant, whatever the update inside, since the start does not depend on the
 * representative. Without, the cycles begin where they are put, some cycles do not reach the minimum, and no law holds.
 *
 * @param inner the update that takes the steps; all that it knows it has to take from the point handed to it
 * @param cycles before each step, at least 1
 * @param p the exponent of the norms, positive, 2 in most of the publication
 * @param asymmetry c, positive; 1.1 or 1.2 in the publication's experiments, 1 for none
 * @param canonical whether to begin at the minimum
 */
public record EqualisedDescent(Update inner, int cycles, double p, double asymmetry, boolean canonical)
        implements Update {

    /** Checks the numbers. */
    public EqualisedDescent {
        if (cycles < 1 || !(p > 0 && p < Double.POSITIVE_INFINITY) || !(asymmetry > 0 && asymmetry < 1e100)) {
            throw new IllegalArgumentException("ENorm takes at least 1 cycle, a positive exponent and a positive"
                    + " asymmetry; given " + cycles + ", " + p + " and " + asymmetry);
        }
        if (inner.between().isPresent()) {
            throw new IllegalArgumentException("ENorm in each step cannot be put around '" + inner.name()
                    + "', which works between steps itself; put the prefix enorm(...)+ in front instead");
        }
    }

    /** Around any update, with one cycle of 2-norms per step, from the minimum. */
    public static Update of(Update inner) {
        return new EqualisedDescent(inner, 1, 2, 1, true);
    }

    @Override
    public String name() {
        return "enorm-sgd";
    }

    @Override
    public Law law() {
        return canonical ? Law.INVARIANT : Law.NONE;
    }

    @Override
    public Optional<Initialisation> initialisation() {
        return inner.initialisation().map(own -> (problem, weights) -> own.apply(problem, minimum(problem, weights)));
    }

    @Override
    public Weights start(Problem problem, Weights weights) {
        return inner.start(problem, minimum(problem, weights));
    }

    private Weights minimum(Problem problem, Weights weights) {
        if (!canonical) {
            return weights;
        }
        Weights unit = UnitSection.of(problem, "ENorm").lenient(weights);
        return Representative.enorm(p, asymmetry, 0).of(problem, unit).weights(unit);
    }

    @Override
    public State init(Problem problem, Weights weights) {
        return inner.init(problem, weights);
    }

    @Override
    public Step step(Point at, Memory memory) {
        EqualisingCycle cycle = EqualisingCycle.of(at.problem(), p, asymmetry);
        Expr scales = cycle.scales(at.theta(), cycles);
        Map<String, ParameterVector> vectors = new LinkedHashMap<>();
        memory.vectors().forEach((slot, vector) -> vectors.put(slot, cycle.moved(vector, scales, memory.power(slot))));
        Point there = at.with(cycle.moved(at.theta(), scales, 1), cycle.moved(at.differential(), scales, -1));
        Step step = inner.step(there, new Memory(vectors, memory.fixed(), memory.powers()));
        return new Step(cycle.movedLast(at.theta(), there.theta(), step.theta(), scales), step.state());
    }

    @Override
    public Optional<Between> between() {
        return Optional.empty();
    }
}
