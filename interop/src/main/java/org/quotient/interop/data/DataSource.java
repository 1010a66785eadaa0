package org.quotient.interop.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What can be said of a data set before it is loaded.
 *
 * @param name how a spec begins, such as {@code mnist}
 * @param pattern the name with what it needs, such as {@code mnist:DIR}
 * @param description one line
 * @param settings what {@code ,key=value} may set, with the defaults, in order
 * @param example a spec that works
 */
public record DataSource(
        String name, String pattern, String description, Map<String, String> settings, String example) {
    /** Keeps the order of the settings. */
    public DataSource {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** Whether it is read from a folder. */
    public boolean needsFolder() {
        return pattern.contains(":");
    }

    /**
     * A source whose settings are its own followed by those of all.
     *
     * @param validation the default of the setting of that name
     * @param own keys and defaults in turn
     */
    static DataSource of(String pattern, String description, String example, String validation, Object... own) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (int i = 0; i < own.length; i += 2) {
            settings.put(own[i].toString(), own[i + 1].toString());
        }
        settings.put("train", "all");
        settings.put("validation", validation);
        settings.put("test", "all");
        settings.put("subset", "first");
        settings.put("standardise", "true");
        settings.put("seed", "run");
        return new DataSource(pattern.split(":", 2)[0], pattern, description, settings, example);
    }
}
