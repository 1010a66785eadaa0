package org.quotient.geometry.functional.jacobian;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.functional.pattern.FixedParts;
import org.quotient.geometry.functional.pattern.MaskedNetwork;
import org.quotient.geometry.functional.pattern.PatternDecider;

/**
 * A network at a point, prepared once for all questions.
 *
 * @param model the network and θ
 * @param masked its masked form
 * @param decider decides masks at θ
 * @param live the live parameter elements
 * @param group the rescalings that leave the function of the parameters as it is
 * @param rows the Jacobian
 */
public record Subject(
        Model model,
        MaskedNetwork masked,
        PatternDecider decider,
        BitSet live,
        RescalingGroup group,
        JacobianRows rows) {

    /**
     * Prepares a network.
     *
     * @param model the network and θ
     * @throws IllegalArgumentException if it is not piecewise polynomial, combines samples, or a weight is not finite
     */
    public static Subject of(Model model) {
        Network folded = FixedParts.fold(model.network(), model.weights());
        MaskedNetwork masked = MaskedNetwork.of(model.network(), model.weights());
        PatternDecider decider = new PatternDecider(masked, model.weights());
        RescalingGroup group = RescalingGroup.of(folded);
        BitSet live = group.liveness().live();
        return new Subject(model, masked, decider, live, group, new JacobianRows(masked, live));
    }

    /**
     * The same network at another point.
     *
     * @throws IllegalArgumentException if buffers differ, which belong to the function
     */
    public Subject at(Weights weights) {
        for (Expr buffer : model.network().buffers()) {
            if (!weights.get(buffer).sameBits(model.weights().get(buffer))) {
                throw new IllegalArgumentException("The buffer '" + Network.nameOf(buffer)
                        + "' differs, which makes another function of the parameters; prepare the network anew");
            }
        }
        return new Subject(model.at(weights), masked, new PatternDecider(masked, weights), live, group, rows);
    }

    /** live − generators: no rank of a Jacobian exceeds it. */
    public int groupBound() {
        return live.cardinality() - group.rank();
    }

    /** θ modulo a prime, by name. */
    public Map<String, Tensor> residues(Numbers.PrimeField field) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        decider.parameters().forEach((name, value) -> {
            double[] residues = new double[value.size()];
            for (int i = 0; i < residues.length; i++) {
                residues[i] = field.residue(value.get(i));
            }
            out.put(name, Tensor.of(value.shape(), residues));
        });
        return out;
    }

    /**
     * Refuses what does not fit into memory, before anything is computed.
     *
     * @param most no rank above this will be reached
     * @throws IllegalArgumentException naming the size
     */
    public void requireMemory(long most) {
        requireMemory(most, rows.columns());
    }

    /**
     * Refuses a basis of so many columns at a time.
     *
     * @param most no rank above this will be reached
     * @param columns of the basis
     * @throws IllegalArgumentException naming the size
     */
    public void requireMemory(long most, long columns) {
        if (columns > 1 << 16) {
            throw new IllegalArgumentException(String.format(
                    java.util.Locale.ROOT,
                    "The exact rank is found for up to 65536 live parameters, whose basis fits into one array; '%s' has %d,"
                            + " whose basis could need %.1f GiB. Ask for a smaller network of the same kind",
                    model.network().name(),
                    columns,
                    2.0 * columns * columns / 0x1p30));
        }
        // rank·(columns − rank) numbers are kept, two thirds as many again while the array grows, and blocks of rows.
        long rank = Math.min(most, columns / 2);
        long bytes = 8 * (rank * (columns - rank) * 7 / 4 + 8L * RankStream.CHUNK);
        long free = Runtime.getRuntime().maxMemory();
        if (bytes > free) {
            throw new IllegalArgumentException(String.format(
                    java.util.Locale.ROOT,
                    "The basis of %d columns would need up to %.1f GiB; this Java has %.1f GiB. Start it with a larger"
                            + " -Xmx, or ask for a part of the network",
                    columns,
                    bytes / 0x1p30,
                    free / 0x1p30));
        }
    }
}
