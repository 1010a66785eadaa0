package org.quotient.interop.data;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.quotient.autodiff.network.NearestNames;

/** The text of a data set's name, taken apart: {@code name:folder,key=value,...}. */
final class DataSettings {
    private static final Pattern SETTING = Pattern.compile("\\s*[a-zA-Z]+\\s*=.*");

    private final DataSource source;
    private final String folder;
    private final Map<String, String> given;

    private DataSettings(DataSource source, String folder, Map<String, String> given) {
        this.source = source;
        this.folder = folder;
        this.given = given;
    }

    /** The part of a spec before folder and settings. */
    static String nameOf(String spec) {
        return spec.split("[:,]", 2)[0].trim();
    }

    /** The folder ends where the first {@code ,key=} begins, so that its name may contain commas. */
    static DataSettings parse(String spec, DataSource source) {
        int colon = spec.indexOf(':');
        int comma = spec.indexOf(',');
        boolean hasFolder = colon >= 0 && (comma < 0 || colon < comma);
        String rest = hasFolder ? spec.substring(colon + 1) : comma < 0 ? "" : spec.substring(comma);
        String[] parts = rest.split(",", -1);
        StringBuilder folder = new StringBuilder(parts[0]);
        int i = 1;
        while (i < parts.length && hasFolder && !SETTING.matcher(parts[i]).matches()) {
            folder.append(',').append(parts[i++]);
        }
        if (source.needsFolder() == folder.toString().isBlank()) {
            throw new IllegalArgumentException("expected " + source.pattern()
                    + (source.needsFolder() ? ", such as " + source.example() : " without a folder"));
        }
        Map<String, String> given = new LinkedHashMap<>();
        for (; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String key =
                    equals < 0 ? parts[i].trim() : parts[i].substring(0, equals).trim();
            String standard = source.settings().get(key);
            if (standard == null) {
                throw new IllegalArgumentException(NearestNames.unknown(
                        "a setting of " + source.name(), key, source.settings().keySet()));
            }
            if (equals < 0) {
                throw wrong(key, "", "a value, such as " + key + "=" + standard);
            }
            if (given.put(key, parts[i].substring(equals + 1).trim()) != null) {
                throw new IllegalArgumentException("the setting '" + key + "' is given twice");
            }
        }
        return new DataSettings(source, folder.toString().trim(), given);
    }

    private static IllegalArgumentException wrong(String key, String value, String expected) {
        return new IllegalArgumentException(
                "the setting '" + key + "' expects " + expected + "; given '" + value + "'");
    }

    private String text(String key) {
        return given.getOrDefault(key, Objects.requireNonNull(source.settings().get(key)));
    }

    /** The folder. */
    Path folder() {
        try {
            return Path.of(folder);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + folder + "' is not the name of a folder", e);
        }
    }

    /** A whole number of at least {@code least}. */
    int whole(String key, int least) {
        String value = text(key);
        String expected = "a whole number of " + least + " or more";
        try {
            int number = Integer.parseInt(value);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(wrong(key, value, expected).getMessage(), e);
        }
        throw wrong(key, value, expected);
    }

    /** A number. */
    double number(String key) {
        String value = text(key);
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    wrong(key, value, "a number such as 0.1").getMessage(), e);
        }
    }

    /** How many samples to take of those available: a number or all. */
    int count(String key, int least, int available) {
        if (text(key).equals("all")) {
            return available;
        }
        String value = text(key);
        if (!value.matches("\\d{1,9}") || Integer.parseInt(value) < least || Integer.parseInt(value) > available) {
            throw wrong(key, value, "'all' or a whole number from " + least + " to " + available);
        }
        return Integer.parseInt(value);
    }

    /** Height and width of the part of a picture to take, or nothing for all of it. */
    Optional<int[]> size(String key) {
        String value = text(key);
        if (value.equals("none")) {
            return Optional.empty();
        }
        if (!value.matches("[1-9]\\d{0,4}x[1-9]\\d{0,4}")) {
            throw wrong(key, value, "'none' or height and width such as 88x120");
        }
        String[] both = value.split("x", -1);
        return Optional.of(new int[] {Integer.parseInt(both[0]), Integer.parseInt(both[1])});
    }

    /** One of two words: whether it is the first. */
    boolean isFirst(String key, String first, String second) {
        String value = text(key);
        if (!List.of(first, second).contains(value)) {
            throw wrong(key, value, first + " or " + second);
        }
        return value.equals(first);
    }

    /** The seed: the setting, or that of the run. */
    long seed(long run) {
        String value = text("seed");
        if (value.equals("run")) {
            return run;
        }
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    wrong("seed", value, "a whole number, or 'run' for the seed of the run")
                            .getMessage(),
                    e);
        }
    }
}
