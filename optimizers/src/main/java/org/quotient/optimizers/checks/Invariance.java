package org.quotient.optimizers.checks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.Subgroup;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Training;

/**
 * Which rescalings an update does not feel, by measurement: it is trained from θ and from gθ on the same batches, and losses on the
 * way and the functions reached are compared, subgroup by subgroup. The rescalings are random, once with real scales and once with
 * powers of two, which arithmetic carries exactly: there an equivariant update reaches the same outputs bit for bit. Where the
 * update takes gθ as it is, a run from θ is also rescaled half way, with what the update remembers, and goes on from there.
 *
 * <p>What is rounding is measured too, by runs from weights changed in their last bits. A deviation above that, but small, counts as
 * rounding only if scales three times as large in logarithms do not raise it: an ε in a denominator is told from rounding so.
 *
 * @param learningRate the rate used
 * @param rounding the deviation up to which the measured noise explains it
 * @param losses of the run from θ, before each step
 * @param measured by subgroup; subgroups of which the network has none are left out
 */
public record Invariance(double learningRate, double rounding, List<Double> losses, Map<Subgroup, Measured> measured) {
    /** Keeps its own copies. */
    public Invariance {
        losses = List.copyOf(losses);
        measured = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(measured));
    }

    /**
     * What one subgroup showed.
     *
     * @param dimension of the subgroup
     * @param functionDeviation the largest difference of an output between the run from θ and another, relative to the largest
     *     output, or of a loss on the way, relative to the largest loss; infinite if the other run left the finite numbers
     * @param bitwise whether all outputs and losses of the run from gθ were the same bits for scales that are powers of two
     * @param survives whether the deviation is rounding
     */
    public record Measured(int dimension, double functionDeviation, boolean bitwise, boolean survives) {}

    /** The subgroups whose elements survive: only {@link Subgroup#FULL} if all do. */
    public List<Subgroup> law() {
        if (measured.values().stream().allMatch(Measured::survives)) {
            return List.of(Subgroup.FULL);
        }
        return measured.entrySet().stream()
                .filter(e -> e.getKey() != Subgroup.FULL && e.getValue().survives())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** How an invariance is measured. */
    public record Settings(double spread, long seed) {
        /** Log-scales with standard deviation 1, seed 0. */
        public static final Settings STANDARD = new Settings(1, 0);
    }

    /**
     * Measures.
     *
     * @param problem network and loss
     * @param update to be measured
     * @param weights θ
     * @param batches one per step, at least one
     * @param probe inputs at which functions are compared
     * @param settings of the random rescalings
     * @throws IllegalArgumentException if no learning rate keeps the run from θ finite and its function alive, if training moves
     *     nothing, or if the update begins with weights of another function
     */
    public static Invariance measure(
            Problem problem,
            Update update,
            Weights weights,
            List<Batch> batches,
            List<Tensor> probe,
            Settings settings) {
        return new Measurement(Training.of(problem, update), weights, batches, probe).measure(settings);
    }
}
