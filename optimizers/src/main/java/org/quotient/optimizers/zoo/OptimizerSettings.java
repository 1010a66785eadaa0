package org.quotient.optimizers.zoo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.network.NearestNames;

/**
 * The settings of an optimizer as text, {@code key=value,...}, checked as they are read. A key alone means {@code key=true}.
 */
public final class OptimizerSettings {
    private final String optimizer;
    private final Map<String, String> standard;
    private final Map<String, String> given;

    private OptimizerSettings(String optimizer, Map<String, String> standard, Map<String, String> given) {
        this.optimizer = optimizer;
        this.standard = standard;
        this.given = given;
    }

    /**
     * Takes settings apart.
     *
     * @param optimizer its name, for messages
     * @param text such as {@code beta1=0.95,epsilon=1e-7}; may be empty
     * @param standard the settings that exist, with their defaults
     * @throws IllegalArgumentException for a setting that does not exist, or given twice
     */
    public static OptimizerSettings parse(String optimizer, String text, Map<String, String> standard) {
        Map<String, String> given = new LinkedHashMap<>();
        for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
            int equals = part.indexOf('=');
            String key = (equals < 0 ? part : part.substring(0, equals)).trim();
            if (!standard.containsKey(key)) {
                throw new IllegalArgumentException(
                        standard.isEmpty()
                                ? "The optimizer " + optimizer + " has no settings; given '" + part + "'"
                                : NearestNames.unknown("a setting of " + optimizer, key, standard.keySet()));
            }
            if (given.put(key, equals < 0 ? "true" : part.substring(equals + 1).trim()) != null) {
                throw new IllegalArgumentException("The setting '" + key + "' of " + optimizer + " is given twice");
            }
        }
        return new OptimizerSettings(optimizer, standard, given);
    }

    /** The value as text. */
    public String text(String key) {
        String value = given.getOrDefault(key, standard.get(key));
        if (value == null) {
            throw new IllegalStateException(optimizer + " declares no setting '" + key + "'");
        }
        return value;
    }

    private IllegalArgumentException wrong(String key, String expected) {
        return new IllegalArgumentException(
                "The setting '" + key + "' of " + optimizer + " expects " + expected + "; given '" + text(key) + "'");
    }

    /**
     * A number.
     *
     * @param least the smallest allowed
     * @param most the largest allowed
     */
    public double number(String key, double least, double most) {
        double value;
        try {
            value = Double.parseDouble(text(key));
        } catch (NumberFormatException e) {
            throw (IllegalArgumentException) wrong(key, "a number").initCause(e);
        }
        if (!(value >= least && value <= most)) {
            throw wrong(key, "a number from " + least + " to " + most);
        }
        return value;
    }

    /** A coefficient from 0 to less than 1. */
    public double fraction(String key) {
        double value = number(key, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        if (!(value >= 0 && value < 1)) {
            throw wrong(key, "a number from 0 to less than 1");
        }
        return value;
    }

    /** A whole number of at least {@code least}. */
    public int whole(String key, int least) {
        double value = number(key, least, Integer.MAX_VALUE);
        if (value != Math.rint(value)) {
            throw wrong(key, "a whole number");
        }
        return (int) value;
    }

    /** Yes or no. */
    public boolean flag(String key) {
        return choice(key, "true", "false").equals("true");
    }

    /**
     * Refuses settings that have no effect beside another: who gives one expects it to do something.
     *
     * @param when what makes them idle, such as {@code direction=adam}
     * @param keys the settings
     * @throws IllegalArgumentException if one of them was given
     */
    public void idle(String when, String... keys) {
        for (String key : keys) {
            if (given.containsKey(key)) {
                throw new IllegalArgumentException("The setting '" + key + "' of " + optimizer + " has no effect with "
                        + when + "; leave one of them out");
            }
        }
    }

    /** One of some words. */
    public String choice(String key, String... words) {
        if (!List.of(words).contains(text(key))) {
            throw wrong(key, String.join(" or ", words));
        }
        return text(key);
    }
}
