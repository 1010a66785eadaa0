package org.quotient.optimizers.training;

import java.util.Arrays;
import java.util.List;
import org.quotient.autodiff.network.NearestNames;

/**
 * How the learning rate changes in training: a factor of the base rate, a pure function of the number of steps, so that a
 * resumed run goes on as if it had not stopped.
 */
public sealed interface Schedule {
    /** Always the base rate. */
    Schedule CONSTANT = new Constant();

    /** See {@link #CONSTANT}. */
    record Constant() implements Schedule {}

    /**
     * Multiplied by γ after every epoch.
     *
     * @param gamma positive
     */
    record Exponential(double gamma) implements Schedule {}

    /**
     * Multiplied by γ at given epochs.
     *
     * @param gamma positive
     * @param milestones epochs, from 0
     */
    record Steps(double gamma, List<Integer> milestones) implements Schedule {
        /** Copies the list. */
        public Steps {
            milestones = List.copyOf(milestones);
        }
    }

    /** From 1 to 0 along half a cosine, step by step over the whole run (Loshchilov and Hutter 2017). */
    record Cosine() implements Schedule {}

    /** From 1 to 0 in a straight line, step by step over the whole run. */
    record Linear() implements Schedule {}

    /**
     * The factor of a step.
     *
     * @param step its number, from 0
     * @param stepsPerEpoch at least 1
     * @param steps of the whole run
     */
    default double factor(long step, int stepsPerEpoch, long steps) {
        long epoch = step / stepsPerEpoch;
        return switch (this) {
            case Constant c -> 1;
            case Exponential e -> Math.pow(e.gamma, epoch);
            case Steps s ->
                Math.pow(s.gamma, s.milestones.stream().filter(m -> epoch >= m).count());
            case Cosine c -> (1 + Math.cos(Math.PI * step / steps)) / 2;
            case Linear l -> 1 - (double) step / steps;
        };
    }

    /**
     * A schedule from text: {@code constant}, {@code exponential:0.99}, {@code steps:0.1:80:120}, {@code cosine}, {@code linear}.
     *
     * @throws IllegalArgumentException for anything else
     */
    static Schedule parse(String text) {
        String[] parts = text.split(":", -1);
        List<String> names = List.of("constant", "exponential", "steps", "cosine", "linear");
        if (!names.contains(parts[0])) {
            throw new IllegalArgumentException(NearestNames.unknown("a schedule", parts[0], names));
        }
        try {
            return switch (parts[0]) {
                case "exponential" -> new Exponential(positive(only(parts, 2)[1]));
                case "steps" -> {
                    if (parts.length < 3) {
                        throw new NumberFormatException("no epochs");
                    }
                    yield new Steps(
                            positive(parts[1]),
                            Arrays.stream(parts).skip(2).map(Integer::valueOf).toList());
                }
                default -> {
                    only(parts, 1);
                    yield switch (parts[0]) {
                        case "cosine" -> new Cosine();
                        case "linear" -> new Linear();
                        default -> CONSTANT;
                    };
                }
            };
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "A schedule is constant, exponential:GAMMA, steps:GAMMA:EPOCH:EPOCH..., cosine or linear, with"
                            + " GAMMA > 0, such as steps:0.1:80:120; given '" + text + "'",
                    e);
        }
    }

    private static String[] only(String[] parts, int count) {
        if (parts.length != count) {
            throw new NumberFormatException("expected " + count + " parts");
        }
        return parts;
    }

    private static double positive(String text) {
        double value = Double.parseDouble(text);
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new NumberFormatException("not positive");
        }
        return value;
    }
}
