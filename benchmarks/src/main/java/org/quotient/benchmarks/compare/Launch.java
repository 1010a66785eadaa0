package org.quotient.benchmarks.compare;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** How the commands of the benchmarks start, refuse what cannot be used, and choose their rows. */
public final class Launch {
    /** The fewest repetitions whose median has an interval of 95 %. */
    public static final int FEWEST = 6;

    private static final int BAD_USE = 2;
    private static final int FAILED = 1;
    private static final double LONGEST_BLOCK = 60_000;
    private static final double LONGEST_WARM_UP = 600;

    private Launch() {}

    /** A stream of this process, in UTF-8. */
    public static PrintWriter writer(OutputStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    /**
     * Runs a command: its exit code, {@value #FAILED} if it failed, {@value #BAD_USE} for a bad argument, each with one message.
     *
     * @param name that messages begin with
     * @param command annotated for picocli
     */
    public static int execute(
            String name, Callable<Integer> command, PrintWriter out, PrintWriter err, String... arguments) {
        return new CommandLine(command)
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((e, given) -> {
                    err.println(name + ": " + e.getMessage());
                    return BAD_USE;
                })
                .setExecutionExceptionHandler((e, commandLine, result) -> {
                    err.println(name + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()));
                    return FAILED;
                })
                .execute(arguments);
    }

    /** An argument that cannot be used. */
    public static ParameterException bad(CommandSpec spec, String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /**
     * The rows that {@code --only} names, by their beginnings; all if it names none.
     *
     * @param id of a row
     * @throws ParameterException if a name is the beginning of none
     */
    public static <R> List<R> chosen(CommandSpec spec, List<R> rows, Function<R, String> id, List<String> only) {
        for (String name : only) {
            if (rows.stream().noneMatch(row -> id.apply(row).startsWith(name))) {
                throw bad(
                        spec,
                        "--only: there is no row '" + name + "'; there are "
                                + rows.stream().map(id).collect(Collectors.joining(", ")));
            }
        }
        return only.isEmpty()
                ? rows
                : rows.stream()
                        .filter(row -> only.stream().anyMatch(id.apply(row)::startsWith))
                        .toList();
    }

    /**
     * Checks how long things are timed.
     *
     * @param block least milliseconds of a repetition
     * @param warmUp seconds
     * @throws ParameterException if one is out of range
     */
    public static void check(CommandSpec spec, int repetitions, double block, double warmUp) {
        if (repetitions < FEWEST) {
            throw bad(
                    spec,
                    "--repetitions expects " + FEWEST + " or more, so that a median has an interval; given "
                            + repetitions);
        }
        if (!(block >= 1 && block <= LONGEST_BLOCK)) {
            throw bad(spec, "--block expects milliseconds from 1 to 60000; given " + block);
        }
        if (!(warmUp >= 0 && warmUp <= LONGEST_WARM_UP)) {
            throw bad(spec, "--warm-up expects seconds from 0 to 600; given " + warmUp);
        }
    }
}
