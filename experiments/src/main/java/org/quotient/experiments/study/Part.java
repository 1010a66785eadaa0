package org.quotient.experiments.study;

import org.quotient.autodiff.network.Network;
import org.quotient.geometry.RescalingGroup;

/**
 * A network of a study.
 *
 * @param contest what was run on it
 * @param parameters how many it has
 * @param group how many scales are free
 */
public record Part(Contest contest, long parameters, int group) {
    /** Counts. */
    public static Part of(Contest contest, Network network) {
        return new Part(
                contest, network.parameterCount(), RescalingGroup.of(network).rank());
    }
}
