package org.quotient.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                file.toString()));
        words.addAll(arguments);
        Process process = new ProcessBuilder(words)
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        copyErrors(process.getErrorStream());
        return process.waitFor();
    }

    /** Hands on what the program writes to stderr, byte by byte, without the machine's remark on its own module. */
    private static void copyErrors(InputStream errors) throws IOException {
        byte[] remark = ("WARNING: Using incubator modules: jdk.incubator.vector" + System.lineSeparator())
                .getBytes(StandardCharsets.UTF_8);
        byte[] start = errors.readNBytes(remark.length);
        if (!Arrays.equals(start, remark)) {
            System.err.write(start);
        }
        errors.transferTo(System.err);
    }
}
