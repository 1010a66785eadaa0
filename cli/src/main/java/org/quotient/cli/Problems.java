package org.quotient.cli;

import java.io.PrintWriter;
import java.util.List;
import org.quotient.autodiff.network.NearestNames;
import org.quotient.interop.InteropException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever went wrong into one message on standard error and the exit code 2; never a stack trace. */
final class Problems {
    /** Bad usage or bad input. */
    static final int CODE = 2;

    private static final String TOO_LARGE = "what was asked for needs more numbers than an array can hold ("
            + Integer.MAX_VALUE + "). Use a smaller network, batch or data set.";

    private Problems() {}

    /** An error in the words of the command line itself. */
    static int usage(ParameterException e, String[] args) {
        CommandLine line = e.getCommandLine();
        String name = line.getCommandSpec().qualifiedName(" ");
        PrintWriter err = line.getErr();
        err.println(line.getCommandSpec().root().name() + ": " + message(e, line));
        err.println("Try '" + name + " --help'.");
        return CODE;
    }

    private static String message(ParameterException e, CommandLine line) {
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String first = unmatched.getUnmatched().get(0);
            if (first.startsWith("-")) {
                List<String> options = line.getCommandSpec().optionsMap().keySet().stream()
                        .filter(option -> option.startsWith("--"))
                        .sorted()
                        .toList();
                return NearestNames.unknown(
                        "an option of " + line.getCommandSpec().qualifiedName(" "), first, options);
            }
            if (!line.getSubcommands().isEmpty()) {
                return NearestNames.unknown(
                        "a command", first, line.getSubcommands().keySet());
            }
            return "'" + first + "' is one argument too many.";
        }
        return oneLine(e.getMessage());
    }

    /** An error while a command was at work. */
    static int report(Throwable e, PrintWriter err) {
        err.println("quotient: " + message(e));
        return CODE;
    }

    private static String message(Throwable e) {
        return switch (e) {
            case BadInput bad -> oneLine(bad.getMessage());
            case InteropException bad -> oneLine(bad.getMessage());
            case OutOfMemoryError memory ->
                "not enough memory (" + oneLine(memory.getMessage()) + "; the limit is "
                        + Runtime.getRuntime().maxMemory() / (1 << 20)
                        + " MiB). Use a smaller network, or allow more with QUOTIENT_JAVA_OPTS=-Xmx8g.";
            case StackOverflowError deep ->
                "the network is nested too deeply for the stack. Allow more with QUOTIENT_JAVA_OPTS=-Xss64m.";
            case NegativeArraySizeException large -> TOO_LARGE;
            case ArithmeticException large
            when String.valueOf(large.getMessage()).endsWith("overflow") -> TOO_LARGE;
            default ->
                "internal error: " + e.getClass().getName() + ": " + oneLine(e.getMessage())
                        + ". This is a defect of quotient: please report it with the command that you gave.";
        };
    }

    private static String oneLine(@org.jspecify.annotations.Nullable String message) {
        return message == null ? "no details" : message.strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
