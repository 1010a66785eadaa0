package org.quotient.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** The command {@code quotient}: what all its subcommands share, and its entry point. */
@Command(
        name = "quotient",
        versionProvider = Main.Version.class,
        description = "Studies ReLU networks modulo positive rescaling.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            NetworksCommand.class,
            DimensionCommand.class,
            GroupCommand.class,
            ActCommand.class,
            EquivalentCommand.class,
            VerifyCommand.class,
            RunCommand.class
        },
        footer = {
            "",
            "NETWORK is a file ending in .onnx, or a built-in such as resnet-34 or mlp:784-512-512-10,bias=false.",
            "",
            "Examples:",
            "  quotient networks",
            "  quotient dimension resnet-34",
            "  quotient group model.onnx --json",
            "  quotient COMMAND --help",
            "",
            "Exit codes: 0 done; 1 a verdict is not the expected one, or two things differ; 2 bad usage or bad input."
        })
public final class Main implements Runnable {
    private final boolean colour;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version and exit.")
    private boolean version;

    private Main(boolean colour) {
        this.colour = colour;
    }

    /** Without a subcommand there is nothing to do but to say what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Whether tables may be coloured. */
    boolean colour() {
        return colour;
    }

    /**
     * Runs the command line and ends the process with its exit code.
     *
     * @param args the words after {@code quotient}
     */
    public static void main(String[] args) {
        // Buffered: a result is written in one piece, or not at all.
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(execute(args, out, err, Style.wanted()));
    }

    /**
     * Runs the command line in this process.
     *
     * @param args the words after {@code quotient}
     * @param out where results go
     * @param err where diagnostics go
     * @return the exit code: 0, 1 or 2
     */
    public static int execute(String[] args, PrintWriter out, PrintWriter err) {
        return execute(args, out, err, false);
    }

    private static int execute(String[] args, PrintWriter out, PrintWriter err, boolean colour) {
        CommandLine line = new CommandLine(new Main(colour))
                .setOut(out)
                .setErr(err)
                .setColorScheme(CommandLine.Help.defaultColorScheme(colour ? Ansi.ON : Ansi.OFF))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(110)
                .setParameterExceptionHandler(Problems::usage)
                .setExecutionExceptionHandler((e, command, parsed) -> Problems.report(e, err));
        int code;
        try {
            code = line.execute(args);
        } catch (Error e) {
            code = Problems.report(e, err);
        }
        out.flush();
        err.flush();
        return code;
    }

    /** Reads the version from the manifest of the jar. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"quotient " + (version == null ? "(unpackaged)" : version)};
        }
    }
}
