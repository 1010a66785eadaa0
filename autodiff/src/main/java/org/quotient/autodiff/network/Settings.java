package org.quotient.autodiff.network;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.quotient.autodiff.DType;

/** The text of a built-in's name, taken apart: {@code name:sizes,key=value,...}. Everything is checked when it is read. */
final class Settings {
    private final String spec;
    private final BuiltIn builtIn;
    private final String argument;
    private final Map<String, String> given = new LinkedHashMap<>();

    private Settings(String spec, BuiltIn builtIn, String argument) {
        this.spec = spec;
        this.builtIn = builtIn;
        this.argument = argument;
    }

    /** The part of a spec before sizes and settings. */
    static String nameOf(String spec) {
        String head = spec.split(",", 2)[0];
        return head.split(":", 2)[0].trim();
    }

    static Settings parse(String spec, BuiltIn builtIn) {
        String[] parts = spec.split(",", -1);
        int colon = parts[0].indexOf(':');
        Settings settings = new Settings(
                spec, builtIn, colon < 0 ? "" : parts[0].substring(colon + 1).trim());
        boolean takesSizes = builtIn.pattern().contains(":");
        if (takesSizes == settings.argument.isEmpty()) {
            throw new IllegalArgumentException("expected " + builtIn.pattern()
                    + (takesSizes ? ", such as " + builtIn.example() : " without sizes"));
        }
        for (String part : Arrays.asList(parts).subList(1, parts.length)) {
            int equals = part.indexOf('=');
            String key = equals < 0 ? part.trim() : part.substring(0, equals).trim();
            if (!builtIn.settings().containsKey(key)) {
                throw new IllegalArgumentException(NearestNames.unknown(
                        "a setting of " + builtIn.name(),
                        key,
                        builtIn.settings().keySet()));
            }
            if (equals < 0) {
                throw settings.wrong(key, "", "a value, such as " + key + "=" + settings.standard(key));
            }
            if (settings.given.put(key, part.substring(equals + 1).trim()) != null) {
                throw new IllegalArgumentException("the setting '" + key + "' is given twice");
            }
        }
        settings.scaled(1); // checked even where no hidden width uses it
        return settings;
    }

    private String standard(String key) {
        String value = builtIn.settings().get(key);
        if (value == null) {
            throw new IllegalStateException(builtIn.name() + " has no setting " + key);
        }
        return value;
    }

    private String text(String key) {
        return given.getOrDefault(key, standard(key));
    }

    private IllegalArgumentException wrong(String key, String value, String expected) {
        return new IllegalArgumentException(
                "the setting '" + key + "' expects " + expected + "; given '" + value + "'");
    }

    /** One of the given words. */
    String choice(String key, String... words) {
        String value = text(key);
        if (!List.of(words).contains(value)) {
            throw wrong(key, value, String.join(" or ", words));
        }
        return value;
    }

    boolean flag(String key) {
        return choice(key, "true", "false").equals("true");
    }

    int integer(String key, int least, int most) {
        return whole("the setting '" + key + "'", text(key), least, most);
    }

    private static int whole(String what, String value, int least, int most) {
        long number;
        try {
            number = Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(what + " expects a whole number; given '" + value + "'", e);
        }
        if (number < least || number > most) {
            throw new IllegalArgumentException(
                    what + " expects a whole number from " + least + " to " + most + "; given " + value);
        }
        return (int) number;
    }

    Activation activation() {
        return Activation.of(text("activation"));
    }

    NetworkBuilder builder() {
        DType dtype = DType.valueOf(choice("dtype", "f64", "f32").toUpperCase(Locale.ROOT));
        return NetworkBuilder.named(spec, dtype, Initialisation.of(text("init")));
    }

    /** Channels, rows and columns of the input. */
    int[] image() {
        String value = text("input");
        String[] parts = value.split("x", -1);
        if (parts.length != 3) {
            throw wrong("input", value, "CxHxW, such as " + standard("input"));
        }
        return Arrays.stream(parts)
                .mapToInt(part -> whole("the setting 'input' (CxHxW)", part, 1, Integer.MAX_VALUE))
                .toArray();
    }

    int classes() {
        return integer("classes", 1, Integer.MAX_VALUE);
    }

    /** A hidden width times the setting {@code width}, rounded half up, at least 1. */
    int scaled(int width) {
        String value = text("width");
        double factor;
        try {
            factor = Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "the setting 'width' expects a factor such as 0.5; given '" + value + "'", e);
        }
        if (!(factor > 0) || factor * width > Integer.MAX_VALUE) {
            throw wrong("width", value, "a positive factor that keeps widths below 2^31");
        }
        return (int) Math.max(1, Math.round(factor * width));
    }

    /** The sizes after the colon, separated by hyphens. */
    int[] sizes(int least, int most) {
        String[] parts = argument.split("-", -1);
        if (parts.length < least || parts.length > most) {
            throw new IllegalArgumentException("expected " + builtIn.pattern() + " with "
                    + (least == most ? "" + least : least + " to " + most) + " sizes, such as " + builtIn.example()
                    + "; given " + parts.length + " in '" + argument + "'");
        }
        return Arrays.stream(parts)
                .mapToInt(part -> whole("each size of " + builtIn.pattern(), part, 1, Integer.MAX_VALUE))
                .toArray();
    }
}
