package org.quotient.benchmarks.overhead;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The pairs of a row shared among several Java processes, one after the other: what the compiler of a process happens to make of the
 * same code decides about some percent of a step, as memory does, and stays as it is for the life of the process.
 *
 * @param count how many processes
 * @param pairs what all of them measure together
 */
record Processes(int count, Pairs pairs) {

    OverheadResult measure(OverheadRow row) {
        List<OverheadResult> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int share = (int) ((long) pairs.pairs() * (i + 1) / count) - (int) ((long) pairs.pairs() * i / count);
            parts.add(run(row, share));
        }
        return OverheadResult.of(parts);
    }

    private static void forget(Thread end) {
        try {
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (IllegalStateException e) {
            // This process is ending: what was to be done then is done.
        }
    }

    private OverheadResult run(OverheadRow row, int share) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Worker.class.getName(), row.id()));
        for (int number : new int[] {
            pairs.batch(),
            share,
            Math.min(share, pairs.openings()),
            Math.ceilDiv(pairs.steps(), row.longer()),
            Math.ceilDiv(pairs.warmUp(), row.longer())
        }) {
            command.add(Integer.toString(number));
        }
        command.add(Long.toString(pairs.seed()));
        try {
            Path said = Files.createTempFile("overhead", ".log");
            said.toFile().deleteOnExit();
            try {
                Process process =
                        new ProcessBuilder(command).redirectError(said.toFile()).start();
                // Interrupted from the terminal or by a signal, this process takes the other with it.
                Thread end = new Thread(process::destroyForcibly, "overhead-end");
                Runtime.getRuntime().addShutdownHook(end);
                String text;
                try {
                    text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    if (process.waitFor() != 0) {
                        throw new IllegalStateException(
                                "the process that measures " + row.id() + " failed: " + Files.readString(said));
                    }
                } finally {
                    process.destroyForcibly();
                    forget(end);
                }
                return Worker.read(row, text.lines().toList());
            } finally {
                Files.delete(said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("interrupted while measuring " + row.id()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a process for " + row.id() + ": " + e.getMessage(), e);
        }
    }
}
