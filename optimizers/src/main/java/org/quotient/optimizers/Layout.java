package org.quotient.optimizers;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.network.Network;

/**
 * What kind of vectors a metric yields, and so what a direction has to remember.
 *
 * @param shapes by name; those of the parameters, or of the coordinates of a chart
 * @param dtype of all numbers
 * @param power how they scale: by χ^power, see {@link Metric#power}
 */
public record Layout(Map<String, Shape> shapes, DType dtype, int power) {
    /** Keeps its own copy of the map. */
    public Layout {
        shapes = Collections.unmodifiableMap(new LinkedHashMap<>(shapes));
    }

    /** One vector entry per parameter. */
    public static Layout parameters(Problem problem, int power) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (Expr p : problem.network().parameters()) {
            shapes.put(Network.nameOf(p), p.shape());
        }
        return new Layout(shapes, problem.dtype(), power);
    }
}
