package org.quotient.geometry.functional.jacobian;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.field.RowSpace;
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
    /** Points and masks are copied when some are selected and kept. */
    private static final long COPIES = 2;

    /** Programs, graphs, and the values of θ in bytes. */
    private static final long OTHER = 32L << 20;

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
     * Refuses what does not fit into memory, before anything is computed: a basis, blocks of rows, and points with their masks.
     *
     * @param most no rank above this will be reached
     * @param points that are there at a time
     * @throws IllegalArgumentException naming the size
     */
    public void requireMemory(long most, long points) {
        requireColumns(rows.columns());
        long samples = Math.min(points, RankStream.samplesPerBlock(rows));
        long space = RowSpace.bytes(rows.columns(), most, samples * rows.rowsPerSample());
        require(space + rows.bytes(samples), points, "a basis of " + rows.columns() + " columns");
    }

    /**
     * Refuses a network whose rows at a single block of points do not fit into memory: one of many outputs.
     *
     * @throws IllegalArgumentException naming the size
     */
    public void requireMemoryForRows() {
        require(rows.bytes(RankStream.samplesPerBlock(rows)), 0, rows.rowsPerSample() + " rows per point");
    }

    /**
     * Refuses a search over regions that does not fit into memory.
     *
     * @param rank what the search fills
     * @param points that are there at a time
     * @throws IllegalArgumentException naming the size
     */
    public void requireMemory(BorderedRank rank, long points) {
        requireColumns(rank.borderColumns());
        require(rank.bytes(), points, "a basis of " + rank.borderColumns() + " columns");
    }

    private void requireColumns(long columns) {
        if (columns > 1 << 16) {
            throw new IllegalArgumentException(String.format(
                    java.util.Locale.ROOT,
                    "The exact rank is found for up to 65536 live parameters, whose basis fits into one array; '%s' has %d,"
                            + " whose basis could need %.1f GiB. Ask for a smaller network of the same kind",
                    model.network().name(),
                    columns,
                    2.0 * columns * columns / 0x1p30));
        }
    }

    private void require(long computing, long points, String what) {
        long once = Double.BYTES * points * numbersPerPoint();
        long pointsAndMasks = COPIES * once;
        // While masks are decided there is a further copy, and of many points no basis yet.
        long bytes = OTHER + decider.bytes() + Math.max(pointsAndMasks + once, computing + pointsAndMasks);
        // One array may take most of what there is, and lies where young values do not.
        double free = 0.9 * Runtime.getRuntime().maxMemory();
        if (bytes > free) {
            throw new IllegalArgumentException(String.format(
                    java.util.Locale.ROOT,
                    "The rank of '%s' would need up to %.1f GiB: %.1f GiB for %s and blocks of rows, %.1f GiB for"
                            + " %d points at a time and their masks, and %.1f GiB for the rest; this Java has %.1f GiB, of"
                            + " which nine tenths may be used. Start it with a larger -Xmx, or ask for fewer points or a part"
                            + " of the network",
                    model.network().name(),
                    bytes / 0x1p30,
                    computing / 0x1p30,
                    what,
                    pointsAndMasks / 0x1p30,
                    points,
                    (bytes - computing - pointsAndMasks) / 0x1p30,
                    Runtime.getRuntime().maxMemory() / 0x1p30));
        }
    }

    /** Coordinates of a point and its masks. */
    private long numbersPerPoint() {
        long inputs = masked.inputs().stream()
                .mapToLong(x -> x.shape().bind(1).elements())
                .sum();
        return inputs
                + masked.kinks().stream()
                        .mapToLong(k -> k.mask().shape().bind(1).elements())
                        .sum();
    }
}
