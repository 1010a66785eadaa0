package org.quotient.experiments.study;

/**
 * Which run it is. All that a run depends on beside the settings of its study.
 *
 * @param part of the study, such as a network; empty if there is one only
 * @param phase what it is for
 * @param start where it begins; empty if there is one only
 * @param method its name
 * @param rate the learning rate
 * @param seed of weights and order of samples
 */
public record Job(String part, Phase phase, String start, String method, double rate, long seed) {
    /** What a run is for. */
    public enum Phase {
        /** To choose a learning rate by the validation part; the test part is not looked at. */
        CHOOSE,
        /** To be reported. */
        FINAL
    }

    /** The same for another phase, rate and seed. */
    public Job with(Phase otherPhase, double otherRate, long otherSeed) {
        return new Job(part, otherPhase, start, method, otherRate, otherSeed);
    }
}
