package org.quotient.autodiff.network;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What can be said of a built-in network before one is built.
 *
 * @param name how a spec begins, such as {@code mlp}
 * @param pattern the name with its sizes, such as {@code mlp:a-b-...-c}
 * @param description one line
 * @param settings what {@code ,key=value} may set, with the defaults, in order
 * @param example a spec that works
 */
public record BuiltIn(String name, String pattern, String description, Map<String, String> settings, String example) {
    /** Keeps the order of the settings. */
    public BuiltIn {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /**
     * A built-in whose settings are its own followed by those of all: {@code width}, {@code init}, {@code dtype}.
     *
     * @param own pairs {@code key=default}
     */
    static BuiltIn of(String pattern, String description, String example, String... own) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String pair : own) {
            int equals = pair.indexOf('=');
            settings.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        settings.put("width", "1");
        settings.put("init", "torch");
        settings.put("dtype", "f64");
        return new BuiltIn(Settings.nameOf(pattern), pattern, description, settings, example);
    }
}
