package org.quotient.optimizers.gspace;

import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.basis.Skeleton;

/** How the skeleton of basis paths is chosen. */
public enum SkeletonRule {
    /** The published rule by the positions of units; see {@link Skeleton#byIndex}. */
    INDEX {
        @Override
        public Skeleton choose(RescalingGroup group, Weights weights) {
            return Skeleton.byIndex(group, weights);
        }
    },
    /** The strongest connections, by an orbit-invariant score; see {@link Skeleton#byScore}. */
    SCORE {
        @Override
        public Skeleton choose(RescalingGroup group, Weights weights) {
            return Skeleton.byScore(group, weights);
        }
    };

    /** The skeleton for weights. */
    public abstract Skeleton choose(RescalingGroup group, Weights weights);
}
