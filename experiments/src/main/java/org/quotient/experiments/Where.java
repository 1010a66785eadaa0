package org.quotient.experiments;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What all experiments share. */
final class Where {
    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description =
                    "where to write; results of an earlier run are replaced"
                            + " (default: docs/experiments/EXPERIMENT of the project, of --quick experiments/target/EXPERIMENT)")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--quick", description = "a small version in seconds, to see that all works")
    boolean quick;

    Path folder(String name) {
        Path root = Path.of(System.getProperty("quotient.root", "."));
        return out.orElseGet(() ->
                root.resolve(quick ? "experiments/target" : "docs/experiments").resolve(name));
    }

    void write(ResultFolder results, String name, PrintWriter print) throws IOException {
        Path folder = folder(name);
        results.writeTo(folder);
        print.println(folder.resolve("README.md"));
        print.flush();
    }
}
