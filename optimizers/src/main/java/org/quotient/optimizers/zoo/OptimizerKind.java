package org.quotient.optimizers.zoo;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.quotient.optimizers.Update;

/**
 * An optimizer with a name, as the command lists it.
 *
 * @param name as in {@code --optimizer NAME}
 * @param formula its step, in one line
 * @param source author and year
 * @param settings with their defaults
 * @param learningRate the default, tried with the default batch on all data sets that are made on the spot
 * @param batch the default number of samples per step; smaller for methods that need more steps
 * @param make from settings to the update
 */
public record OptimizerKind(
        String name,
        String formula,
        String source,
        Map<String, String> settings,
        double learningRate,
        int batch,
        Function<OptimizerSettings, Update> make) {
    /** The number of samples per step, if the method has no need of another. */
    public static final int BATCH = 32;

    /** Keeps the order of the settings. */
    public OptimizerKind {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** An optimizer with the usual batch. */
    OptimizerKind(
            String name,
            String formula,
            String source,
            Map<String, String> settings,
            double learningRate,
            Function<OptimizerSettings, Update> make) {
        this(name, formula, source, settings, learningRate, BATCH, make);
    }

    /**
     * The update for settings in text.
     *
     * @param text {@code key=value,...}, may be empty
     * @throws IllegalArgumentException for a setting that does not exist or a value out of range
     */
    public Update update(String text) {
        return make.apply(OptimizerSettings.parse(name, text, settings));
    }

    /**
     * Settings in order.
     *
     * @param pairs {@code key=default}
     */
    static Map<String, String> settings(String... pairs) {
        Map<String, String> out = new LinkedHashMap<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            out.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return out;
    }
}
