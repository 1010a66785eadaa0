package org.quotient.geometry.functional.attribution;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.functional.attribution.Lost.Cause;
import org.quotient.geometry.functional.bounds.SpanBound;
import org.quotient.geometry.functional.bounds.UpperBound;
import org.quotient.geometry.functional.jacobian.Subject;

/**
 * What zeros of θ cost: they are released unit by unit (all outgoing weights 0, then all incoming ones), then all together, and the
 * generic rank with the remaining zeros tells what each release gains.
 */
final class ZeroCauses {
    private final Subject subject;
    private final UpperBound upper;
    private final Map<String, double[]> factors = new LinkedHashMap<>();
    private final List<Place> places = new ArrayList<>();

    /** An element of a parameter. */
    private record Place(String name, int index) {}

    ZeroCauses(Subject subject, UpperBound upper) {
        this.subject = subject;
        this.upper = upper;
        for (Expr parameter : subject.masked().parameters()) {
            String name = Network.nameOf(parameter);
            Tensor value = java.util.Objects.requireNonNull(
                    subject.decider().parameters().get(name));
            double[] factor = new double[value.size()];
            for (int i = 0; i < factor.length; i++) {
                factor[i] = value.get(i) == 0 ? 0 : 1;
                places.add(new Place(name, i));
            }
            factors.put(name, factor);
        }
    }

    private boolean isZero(Place place) {
        return factor(place)[place.index()] == 0;
    }

    private double[] factor(Place place) {
        return java.util.Objects.requireNonNull(factors.get(place.name()));
    }

    List<Lost> lost() {
        List<Lost> lost = new ArrayList<>();
        int found = upper.upper();
        Map<Integer, List<Place>> outgoing = new TreeMap<>();
        Map<Integer, List<Place>> incoming = new TreeMap<>();
        for (int e = 0; e < places.size(); e++) {
            Place place = places.get(e);
            subject.group()
                    .row(e)
                    .forEach((generator, power) -> (power < 0 ? outgoing : incoming)
                            .computeIfAbsent(generator, g -> new ArrayList<>())
                            .add(place));
        }
        for (Cause cause : List.of(Cause.ZERO_FAN_OUT, Cause.ZERO_FAN_IN)) {
            for (List<Place> unit : (cause == Cause.ZERO_FAN_OUT ? outgoing : incoming).values()) {
                if (found < upper.bound() && unit.stream().allMatch(this::isZero)) {
                    unit.forEach(p -> factor(p)[p.index()] = 1);
                    int now = generic();
                    if (now > found) {
                        lost.add(new Lost(describe(unit), cause, now - found));
                        found = now;
                    }
                }
            }
        }
        if (found < upper.bound()) {
            lost.add(new Lost("weights that are 0", Cause.ZERO_WEIGHTS, upper.bound() - found));
        }
        return lost;
    }

    private int generic() {
        return SpanBound.generic(subject.masked(), subject.rows(), upper.support(), factors, 1, upper.bound())
                .rank();
    }

    private static String describe(List<Place> unit) {
        Place first = unit.get(0);
        return first.name() + "[" + first.index() + "]"
                + (unit.size() > 1 ? " and " + (unit.size() - 1) + " more" : "");
    }
}
