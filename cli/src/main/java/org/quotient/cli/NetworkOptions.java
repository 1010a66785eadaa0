package org.quotient.cli;

import java.util.LinkedHashSet;
import java.util.Set;
import picocli.CommandLine.Option;

/** How a NETWORK is read. */
final class NetworkOptions {
    @Option(
            names = "--constant",
            paramLabel = "NAME",
            description = "An initialiser of an ONNX file that is a constant, not a parameter. Repeatable.")
    private Set<String> constants = new LinkedHashSet<>();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Makes everything random reproducible, the weights of built-ins included (default 0).")
    private long seed;

    /** The seed. */
    long seed() {
        return seed;
    }

    /** Reads a NETWORK. */
    LoadedNetwork load(String given) {
        return LoadedNetwork.load(given, constants, seed);
    }

    /** Reads a NETWORK whose weights, if it is a built-in, have another seed. */
    LoadedNetwork load(String given, long otherSeed) {
        return LoadedNetwork.load(given, constants, otherSeed);
    }
}
