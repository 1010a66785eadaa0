package org.quotient.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.network.BuiltIn;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.NearestNames;
import org.quotient.autodiff.network.Network;
import org.quotient.interop.onnx.OnnxModel;
import org.quotient.interop.onnx.OnnxReader;

/**
 * What an argument NETWORK means.
 *
 * @param given the argument
 * @param model the network with its weights, which are drawn or decoded only when asked for
 * @param file what the file holds besides; null for a built-in
 */
record LoadedNetwork(String given, Model model, @Nullable OnnxModel file) {
    private static final String FILE = ".onnx";
    private static final String EXPECTED =
            "expected a file ending in " + FILE + " or a built-in (see 'quotient networks').";

    /** The graph. */
    Network network() {
        return model.network();
    }

    /** This, after a check that no weight of a file is NaN or infinite. */
    LoadedNetwork requireFinite() {
        if (file != null) {
            file.requireFinite();
        }
        return this;
    }

    /**
     * Reads a file or builds a built-in.
     *
     * @param given a path that ends in .onnx, or the spec of a built-in
     * @param constants initialisers of a file that are constants
     * @param seed for the weights of a built-in
     * @throws BadInput if it is neither
     */
    static LoadedNetwork load(String given, Set<String> constants, long seed) {
        LoadedNetwork loaded = given.toLowerCase(Locale.ROOT).endsWith(FILE)
                ? file(given, constants)
                : builtIn(given, constants, seed);
        long parameters = loaded.network().parameterCount();
        if (parameters > Integer.MAX_VALUE) {
            throw new BadInput("'" + given + "' has " + Table.count(parameters) + " parameters; at most "
                    + Table.count(Integer.MAX_VALUE) + " can be handled. Use a smaller network.");
        }
        return loaded;
    }

    private static LoadedNetwork file(String given, Set<String> constants) {
        OnnxModel file = OnnxReader.read(path(given), new OnnxReader.Options(constants));
        return new LoadedNetwork(given, file.model(), file);
    }

    /**
     * A path.
     *
     * @throws BadInput if the text cannot be one
     */
    static Path path(String given) {
        try {
            return Path.of(given);
        } catch (InvalidPathException e) {
            throw new BadInput("'" + given + "' cannot be the name of a file: " + e.getReason() + ".", e);
        }
    }

    private static LoadedNetwork builtIn(String given, Set<String> constants, long seed) {
        if (given.isBlank()) {
            throw new BadInput("NETWORK is empty; " + EXPECTED);
        }
        if (!BuiltIns.exists(given) && looksLikeFile(given)) {
            throw new BadInput("'" + given + "' " + notAFile(given) + "; " + EXPECTED);
        }
        if (!constants.isEmpty()) {
            throw new BadInput("--constant names an initialiser of an ONNX file; '" + given + "' is a built-in.");
        }
        try {
            return new LoadedNetwork(given, BuiltIns.model(given, seed), null);
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage()), e);
        } catch (ArithmeticException e) {
            throw new BadInput(
                    "'" + given + "' is too large: a tensor may have at most " + Table.count(Integer.MAX_VALUE)
                            + " elements. Use smaller sizes.",
                    e);
        }
    }

    private static String notAFile(String given) {
        if (Files.exists(path(given))) {
            return "does not end in " + FILE;
        }
        List<String> names = BuiltIns.catalogue().stream().map(BuiltIn::name).toList();
        List<String> nearest = NearestNames.of(given, names);
        return "is no built-in, and there is no such file"
                + (nearest.isEmpty() ? "" : " (did you mean " + String.join(" or ", nearest) + "?)");
    }

    private static boolean looksLikeFile(String given) {
        return given.indexOf('/') >= 0
                || given.indexOf('\\') >= 0
                || given.matches("[^,:]*\\.[A-Za-z]\\w*")
                || Files.exists(path(given));
    }
}
