package org.quotient.cli;

import java.util.List;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.functional.FunctionalDimension;
import org.quotient.geometry.functional.floating.FloatingDimension;
import org.quotient.geometry.functional.floating.FloatingRank;
import org.quotient.geometry.functional.pattern.FixedParts;
import org.quotient.geometry.functional.pattern.Points;
import org.quotient.geometry.functional.sampling.Sampling;

/** A network whose rank is counted in floating point: sample by sample where it is piecewise polynomial, else as it stands. */
sealed interface FloatingSubject {
    /** No rank exceeds it. */
    int bound();

    /** How many points are needed for the rank to reach the bound. */
    int pointsNeeded();

    /** The rank on given points. */
    FloatingRank at(Points points);

    /** The rank on points drawn. */
    FloatingRank drawn(Sampling sampling);

    /** Chooses. */
    static FloatingSubject of(Model model) {
        try {
            return new PiecewisePolynomial(FunctionalDimension.of(model));
        } catch (IllegalArgumentException e) {
            // Not piecewise polynomial, or samples are combined: what follows does not mind.
            Network network = FixedParts.fold(ExactSymmetries.of(model.network()), model.weights());
            RescalingGroup group = RescalingGroup.of(network);
            return new AsItStands(
                    new Model(network, model.weights()), group.liveness().live().cardinality() - group.rank());
        }
    }

    /** One sample at a time. */
    record PiecewisePolynomial(FunctionalDimension dimension) implements FloatingSubject {
        @Override
        public int bound() {
            return dimension.bound();
        }

        @Override
        public int pointsNeeded() {
            return dimension.pointsNeeded();
        }

        @Override
        public FloatingRank at(Points points) {
            return dimension.floating(points);
        }

        @Override
        public FloatingRank drawn(Sampling sampling) {
            return dimension.floating(sampling);
        }
    }

    /** The batch as a whole. */
    record AsItStands(Model model, int bound) implements FloatingSubject {
        @Override
        public int pointsNeeded() {
            int rows = model.network().outputs().stream()
                    .mapToInt(y -> y.shape().bind(1).elements())
                    .sum();
            return Math.ceilDiv(bound, Math.max(1, rows));
        }

        @Override
        public FloatingRank at(Points points) {
            return whole(points.doubles());
        }

        @Override
        public FloatingRank drawn(Sampling sampling) {
            int count = Math.min(sampling.most(), pointsNeeded() + pointsNeeded() / 8 + 16);
            CounterRandom random = CounterRandom.seeded(sampling.seed());
            return whole(model.network().inputs().stream()
                    .map(x -> {
                        CounterRandom stream = random.split(Network.nameOf(x));
                        return Tensor.fill(x.shape().bind(count), DType.F64, stream::normal);
                    })
                    .toList());
        }

        private FloatingRank whole(List<Tensor> inputs) {
            List<Expr> expected = model.network().inputs();
            List<Tensor> cast = new java.util.ArrayList<>();
            for (int i = 0; i < inputs.size(); i++) {
                cast.add(inputs.get(i).cast(expected.get(i).dtype()));
            }
            return FloatingDimension.whole(
                    model, cast, bound, model.network().outputs().getFirst().dtype());
        }
    }
}
