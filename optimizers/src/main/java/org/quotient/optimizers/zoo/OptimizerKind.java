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
 * @param learningRate the default, tried on all data sets that are made on the spot
 * @param make from settings to the update
 */
public record OptimizerKind(
        String name,
        String formula,
        String source,
        Map<String, String> settings,
        double learningRate,
        Function<OptimizerSettings, Update> make) {

    /** Keeps the order of the settings. */
    public OptimizerKind {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
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
