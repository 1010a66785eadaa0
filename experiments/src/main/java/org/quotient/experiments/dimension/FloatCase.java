package org.quotient.experiments.dimension;

import java.util.List;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.geometry.functional.FunctionalDimension;
import org.quotient.geometry.functional.floating.FloatingDimension;
import org.quotient.geometry.functional.floating.FloatingRank;
import org.quotient.geometry.functional.pattern.Points;

/**
 * A rank counted from singular values in one arithmetic with the tolerance of another.
 *
 * @param entries the arithmetic of the Jacobian's entries
 * @param tolerance the arithmetic that the tolerance σ_max·max(rows, columns)·ε is for
 * @param exact the exact rank on the same points
 * @param bound what no rank can exceed
 * @param rank singular values above the tolerance
 * @param gap the ratio of the last one counted to the first not counted; infinite if all are counted
 */
public record FloatCase(String entries, String tolerance, int exact, int bound, int rank, double gap) {
    private static final String NETWORK = "mlp:4-6-5-3,init=torch,dtype=";

    /** The network, as pages say it. */
    static final String TEXT = "4-6-5-3";

    /** Entries in double precision, then in single precision with the tolerance of double, then with their own. */
    static List<FloatCase> all(int points) {
        return List.of(
                of(points, DType.F64, DType.F64), of(points, DType.F32, DType.F64), of(points, DType.F32, DType.F32));
    }

    private static FloatCase of(int points, DType entries, DType tolerance) {
        Model model = BuiltIns.model(NETWORK + entries.toString().toLowerCase(java.util.Locale.ROOT), 0);
        FunctionalDimension dimension = FunctionalDimension.of(model);
        // Rounded, so that all three are about the same points.
        Tensor x =
                Chain.normal(model.network(), points, 1, 0).doubles().getFirst().cast(DType.F32);
        int exact = dimension
                .batch(Points.of(model.network(), List.of(x.cast(entries))))
                .rank();
        int live = (int) model.network().parameterCount();
        FloatingRank rank = FloatingDimension.whole(model, List.of(x.cast(entries)), live, tolerance);
        return new FloatCase(
                entries.toString(), tolerance.toString(), exact, dimension.bound(), rank.rank(), rank.gap());
    }
}
