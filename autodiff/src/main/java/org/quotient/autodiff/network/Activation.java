package org.quotient.autodiff.network;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * An activation as settings name it.
 *
 * @param kind which function
 * @param slope the slope for negative numbers of a leaky ReLU; unused otherwise
 */
public record Activation(Kind kind, double slope) {

    /** The functions. */
    public enum Kind {
        /** max(x, 0). */
        RELU,
        /** x, or slope·x where x is not positive. */
        LEAKY,
        /** Leaky ReLU with a trained slope for each channel (He et al. 2015). */
        PRELU,
        /** x itself. */
        IDENTITY,
        /** Hyperbolic tangent. */
        TANH,
        /** x·sigmoid(x). */
        SILU,
        /** x·Φ(x). */
        GELU
    }

    /** ReLU. */
    public static final Activation RELU = new Activation(Kind.RELU, 0);

    /** Checks that a leaky slope is finite. */
    public Activation {
        if (!Double.isFinite(slope)) {
            throw new IllegalArgumentException("The slope of a leaky ReLU must be finite; given " + slope);
        }
    }

    /**
     * The activation of a text: {@code relu}, {@code leaky:0.1}, {@code prelu}, {@code identity}, {@code tanh},
     * {@code silu} or {@code gelu}; {@code leaky} alone has slope 0.01.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    public static Activation of(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        List<String> known = Arrays.stream(Kind.values())
                .map(k -> k.name().toLowerCase(Locale.ROOT))
                .toList();
        if (!known.contains(name) || (colon >= 0 && !name.equals("leaky"))) {
            throw new IllegalArgumentException(
                    NearestNames.unknown("an activation", text, known) + " Only leaky takes a slope, as in leaky:0.1.");
        }
        Kind kind = Kind.valueOf(name.toUpperCase(Locale.ROOT));
        if (kind != Kind.LEAKY) {
            return new Activation(kind, 0);
        }
        if (colon < 0) {
            return new Activation(kind, 0.01);
        }
        try {
            return new Activation(kind, Double.parseDouble(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "The slope of a leaky ReLU must be a number, such as leaky:0.1; given '" + text + "'", e);
        }
    }

    /** As {@link #of} reads it. */
    @Override
    public String toString() {
        String name = kind.name().toLowerCase(Locale.ROOT);
        return kind == Kind.LEAKY ? name + ":" + slope : name;
    }
}
