package org.quotient.geometry.functional.bounds;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.functional.jacobian.Border;
import org.quotient.geometry.functional.jacobian.Primes;
import org.quotient.geometry.functional.jacobian.Subject;
import org.quotient.geometry.functional.pattern.Patterns;

/**
 * What bounds a rank from above.
 *
 * @param bound for all θ
 * @param upper for θ with zeros where the given one has them
 * @param error of the probability that one is too low
 * @param method in words
 * @param support where the inputs lie that it is about
 */
public record UpperBound(int bound, int upper, double error, String method, Support support) {
    /** The probability of error below which a bound counts as proved. */
    public static final double CERTAIN_ENOUGH = 1e-9;

    /** Up to so many columns identities are looked for among all of them. */
    private static final int ALL_COLUMNS = 1200;

    /** live − rank of the group of a network: certain. */
    public static UpperBound ofGroup(Subject subject) {
        int bound = subject.groupBound();
        return new UpperBound(bound, bound, 0, "rescaling group", Support.everything());
    }

    /**
     * All identities between columns, for inputs in a set.
     *
     * @param subject the network at θ
     * @param generic the bound for all θ and inputs, which is kept
     * @param support where the inputs lie
     */
    public static UpperBound ofIdentities(Subject subject, GenericBound generic, Support support) {
        int draws = GenericBound.draws(subject);
        int group = subject.groupBound();
        SpanBound all = support.isEverything()
                ? generic.of(subject)
                : SpanBound.generic(subject.masked(), subject.rows(), support, Map.of(), draws, group);
        Map<String, double[]> zeros = zeros(subject);
        SpanBound here = zeros.isEmpty()
                ? all
                : SpanBound.generic(subject.masked(), subject.rows(), support, zeros, draws, all.rank());
        boolean beyond = all.rank() < group || here.rank() < group;
        return new UpperBound(
                all.rank(),
                here.rank(),
                beyond ? Math.min(1, all.error() + here.error()) : 0,
                beyond ? "identities of the polynomial at random parameters, inputs and masks" : "rescaling group",
                support);
    }

    /**
     * Identities that live on parts of the columns, and rescalings: for large networks.
     *
     * @param subject the network at θ
     * @param support where the inputs lie
     */
    public static UpperBound ofParts(Subject subject, Support support) {
        LocalIdentities parts = LocalIdentities.of(subject, subject.group(), support);
        int group = subject.groupBound();
        if (parts.upper() >= group) {
            return ofGroup(subject);
        }
        String method = "rescaling group (" + parts.vertical() + "), columns that are 0 (" + parts.zeroColumns()
                + ") and identities of parts (" + parts.local() + ")";
        return new UpperBound(parts.upper(), parts.upper(), parts.error(), method, support);
    }

    /**
     * The sharper of the two where that is affordable.
     *
     * @param subject the network at θ
     * @param generic the bound for all θ and inputs, which is kept
     * @param support where the inputs lie
     */
    public static UpperBound of(Subject subject, GenericBound generic, Support support) {
        return subject.rows().columns() <= ALL_COLUMNS
                ? ofIdentities(subject, generic, support)
                : ofParts(subject, support);
    }

    /**
     * A bound for given points that counts the rows of some of them: where few points are the only ones to change a coordinate, the others
     * lie in a smaller set, and each of the few adds no more than its rows.
     *
     * @param subject the network at θ
     * @param patterns the points
     */
    public UpperBound withFew(Subject subject, Patterns patterns) {
        if (!patterns.points().dyadic() || support.isEverything() || support.dimension() >= 0) {
            return this;
        }
        int rows = subject.rows().rowsPerSample();
        int width =
                Border.of(subject, Primes.largest(1).get(0)).map(Border::widest).orElse(0);
        if (width <= rows) {
            return this;
        }
        boolean[] alone = Support.alone(patterns.points(), (width - 1) / rows);
        int[] others = IntStream.range(0, alone.length).filter(n -> !alone[n]).toArray();
        int few = alone.length - others.length;
        if (few == 0 || others.length == 0) {
            return this;
        }
        UpperBound rest = of(
                subject, new GenericBound(), Support.of(patterns.select(others).points()));
        if (rest.upper() + few * rows >= upper) {
            return this;
        }
        return new UpperBound(
                bound,
                rest.upper() + few * rows,
                Math.min(1, error + rest.error()),
                rest.method() + " for all points but " + few + ", whose " + few * rows + " rows are counted",
                support);
    }

    /**
     * The same for points at which some masks never change: identities that hold for these masks bound the rank on these points.
     *
     * @param subject the network at θ
     * @param patterns the points
     */
    public UpperBound withMasks(Subject subject, Patterns patterns) {
        Support known = support.withMasksOf(patterns, subject.masked().kinks());
        if (!known.knowsMasks()) {
            return this;
        }
        UpperBound here = of(subject, new GenericBound(), known);
        if (here.upper() >= upper) {
            return this;
        }
        return new UpperBound(
                bound,
                here.upper(),
                Math.min(1, error + here.error()),
                here.method() + " at masks that never change on these points",
                support);
    }

    /** Where θ is 0; empty if nowhere. */
    private static Map<String, double[]> zeros(Subject subject) {
        Map<String, double[]> out = new LinkedHashMap<>();
        for (Map.Entry<String, Tensor> entry : subject.decider().parameters().entrySet()) {
            double[] values = entry.getValue().data();
            double[] factor = new double[values.length];
            boolean any = false;
            for (int i = 0; i < factor.length; i++) {
                factor[i] = values[i] == 0 ? 0 : 1;
                any |= values[i] == 0;
            }
            if (any) {
                out.put(entry.getKey(), factor);
            }
        }
        return out;
    }
}
