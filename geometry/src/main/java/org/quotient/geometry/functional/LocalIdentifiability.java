package org.quotient.geometry.functional;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.field.RowSpace;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.functional.bounds.RandomValues;
import org.quotient.geometry.functional.bounds.Support;
import org.quotient.geometry.functional.jacobian.Primes;
import org.quotient.geometry.functional.jacobian.Subject;
import org.quotient.geometry.functional.pattern.Patterns;
import org.quotient.geometry.functional.pattern.Points;

/**
 * Whether a data set X determines the parameters near θ up to rescaling (Bona-Pellissier, Malgouyres and Bachoc 2022, theorems 8
 * and 9). On the activation patterns that hold at X the outputs are A(φ(θ)), linear in the path products φ; R_Γ = rank of the
 * derivative of θ ↦ A(φ(θ)), the rank of the Jacobian on X, and R_A = rank A.
 *
 * <ul>
 *   <li>C_S: R_Γ = D − H. Then θ is locally identifiable from X.
 *   <li>C_N: R_Γ &lt; R_A or R_Γ = D − H. If it fails, θ is not.
 * </ul>
 *
 * <p>R_A is found without listing paths: A applied to the path products of random parameters modulo a prime, as often as there are rows,
 * spans the image of A up to a chance of (degree · rows)/p, since path products are different monomials and so independent. That
 * also says what R_A is for networks with convolutions and other reuse of weights. The theorems are about units none of which has
 * only zero weights in front or behind.
 *
 * @param jacobianRank R_Γ
 * @param pathRank R_A
 * @param dimension D − H, the bound by the rescaling group
 * @param verdict what follows
 */
public record LocalIdentifiability(int jacobianRank, int pathRank, int dimension, Verdict verdict) {
    /** The longest row that can be eliminated. */
    private static final int LONGEST = 1 << 16;

    /** What the two conditions decide. */
    public enum Verdict {
        /** C_S holds. */
        IDENTIFIABLE,
        /** C_N fails. */
        NOT_IDENTIFIABLE,
        /** C_N holds and C_S does not. */
        UNDECIDED
    }

    /** C_S. */
    public boolean sufficient() {
        return jacobianRank == dimension;
    }

    /** C_N. */
    public boolean necessary() {
        return jacobianRank < pathRank || sufficient();
    }

    /**
     * Tests both conditions.
     *
     * @param functional a network at θ
     * @param points X; points on a kink are left out
     * @throws IllegalArgumentException if an output ends in a softmax or another function that is not polynomial: A is then not linear;
     *     or if memory would not suffice, naming the size
     */
    public static LocalIdentifiability of(FunctionalDimension functional, Points points) {
        Subject subject = functional.subject();
        int plain = subject.masked().heads().stream()
                .mapToInt(h -> h.value().shape().bind(1).elements())
                .sum();
        if (plain != subject.masked().rowsPerSample()) {
            throw new IllegalArgumentException(
                    "Local identifiability is tested on outputs that are linear in the last layer;" + " '"
                            + subject.model().network().name() + "' ends in a softmax. Take its logits");
        }
        requireMemory(subject, points.count());
        FunctionalRank rank = functional.batch(points);
        Patterns patterns = subject.decider().decide(points);
        int paths = pathRank(subject, patterns);
        int jacobian = rank.rank();
        int dimension = functional.bound();
        Verdict verdict = jacobian == dimension
                ? Verdict.IDENTIFIABLE
                : jacobian < paths ? Verdict.UNDECIDED : Verdict.NOT_IDENTIFIABLE;
        return new LocalIdentifiability(jacobian, paths, dimension, verdict);
    }

    /** The image of A is a space of one number for each row. */
    private static void requireMemory(Subject subject, int points) {
        long rows = (long) points * subject.masked().rowsPerSample();
        // A quarter of rows² numbers at most are kept, and three quarters as many again while the array grows.
        double bytes = 3.5 * rows * rows;
        double most = Runtime.getRuntime().maxMemory();
        if (rows > LONGEST || bytes > most) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "Local identifiability from %d points of '%s' is about %d numbers, whose linear relations would need up to"
                            + " %.1f GiB; at most %d numbers are possible, and this Java has %.1f GiB. Give fewer points",
                    points,
                    subject.model().network().name(),
                    rows,
                    bytes / 0x1p30,
                    LONGEST,
                    most / 0x1p30));
        }
    }

    private static int pathRank(Subject subject, Patterns patterns) {
        Numbers.PrimeField field = Primes.largest(1).get(0);
        List<Expr> outputs = subject.masked().values();
        int rows = Math.multiplyExact(patterns.count(), subject.masked().rowsPerSample());
        if (rows == 0) {
            return 0;
        }
        Map<String, Tensor> given = new LinkedHashMap<>();
        List<Tensor> inputs = patterns.points().residues(field);
        for (int i = 0; i < inputs.size(); i++) {
            given.put(Network.nameOf(subject.masked().inputs().get(i)), inputs.get(i));
        }
        for (int k = 0; k < patterns.masks().size(); k++) {
            given.put(
                    Network.nameOf(subject.masked().kinks().get(k).mask()),
                    patterns.masks().get(k));
        }
        CounterRandom random = CounterRandom.seeded(field.p()).split("paths");
        RowSpace space = new RowSpace(field, rows);
        int before = -1;
        int quiet = 0;
        for (int draw = 0; quiet < 3; draw++) {
            RandomValues values = new RandomValues(subject.masked(), Support.everything(), field, random.split(draw));
            given.putAll(values.theta(Map.of()));
            space.add(joined(Evaluator.evaluate(outputs, given, field), rows), 1);
            if (draw % 16 == 15) {
                int now = space.rank();
                quiet = now > before ? 0 : quiet + 1;
                before = now;
            }
        }
        return space.rank();
    }

    private static double[] joined(List<Tensor> outputs, int rows) {
        double[] row = new double[rows];
        int at = 0;
        List<double[]> parts = new ArrayList<>();
        outputs.forEach(o -> parts.add(o.data()));
        for (double[] part : parts) {
            System.arraycopy(part, 0, row, at, part.length);
            at += part.length;
        }
        return row;
    }
}
