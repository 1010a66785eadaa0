package org.quotient.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of every command, and how every command prints its answer. */
final class Common {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    @Option(names = "--json", description = "Print exactly one JSON object and nothing else.")
    private boolean json;

    /** Prints an answer in one piece and returns its exit code. */
    int deliver(Answer answer) {
        boolean colour = spec.root().userObject() instanceof Main main && main.colour();
        String text = json ? Json.object(answer::json) + "\n" : answer.text(new Style(colour));
        spec.commandLine().getOut().print(text);
        return answer.exitCode();
    }

    /**
     * Shows what is being done, on a line of standard error that the next call replaces; nothing unless a person watches.
     *
     * @param text empty to clear the line
     */
    void progress(String text) {
        if (Style.wanted()) {
            spec.commandLine().getErr().print("\r\u001b[K" + text);
            spec.commandLine().getErr().flush();
        }
    }

    /** Says something beside the result, on standard error. */
    void note(String text) {
        spec.commandLine().getErr().println("quotient: " + text);
    }
}
