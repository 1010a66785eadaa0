package org.quotient.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quotient run FILE.java}: a single-file Java program with all of Quotient on its class path. */
@Command(
        name = "run",
        description = "Runs a single-file Java program with Quotient on its class path.",
        footer = {
            "",
            "Everything after FILE.java is given to the program as it stands. The exit code is the program's.",
            "",
            "Examples:",
            "  quotient run examples/TwoStreams.java"
        })
final class RunCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE.java", description = "A Java file with a main method.")
    private Path file;

    @Parameters(index = "1..*", paramLabel = "ARG", description = "What the program is given.")
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!file.toString().endsWith(".java") || !Files.isRegularFile(file)) {
            throw new BadInput("'" + file + "' is not a Java file; give the path of one that ends in .java");
        }
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                file.toString()));
        words.addAll(arguments);
        return new ProcessBuilder(words).inheritIO().start().waitFor();
    }
}
