package org.quotient.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.quotient.proofs.Level;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Reads the values of options; what cannot be read is refused in the words of the help. */
final class Values {
    private Values() {}

    /** Teaches a command line, and its subcommands, to read them. */
    static void register(CommandLine line) {
        line.registerConverter(long.class, Values::whole)
                .registerConverter(Long.class, Values::whole)
                .registerConverter(double.class, Values::real)
                .registerConverter(Double.class, Values::real)
                .registerConverter(Level.class, Values::level);
    }

    private static long whole(String given) {
        try {
            return Long.parseLong(given);
        } catch (NumberFormatException e) {
            throw new TypeConversionException(
                    given.matches("[+-]?\\d+")
                            ? "'" + given + "' is too large; expected a whole number from -2^63 to 2^63 - 1"
                            : "'" + given + "' is not a whole number");
        }
    }

    private static double real(String given) {
        try {
            return Double.parseDouble(given);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + given + "' is not a number");
        }
    }

    private static Level level(String given) {
        List<String> names = Arrays.stream(Level.values())
                .map(level -> level.name().toLowerCase(Locale.ROOT))
                .toList();
        int index = names.indexOf(given.toLowerCase(Locale.ROOT));
        if (index < 0) {
            throw new TypeConversionException("expected " + String.join(" or ", names) + "; given '" + given + "'");
        }
        return Level.values()[index];
    }
}
