package org.quotient.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code quotient}: what all its subcommands share, and its entry point. */
@Command(
        name = "quotient",
        versionProvider = Main.Version.class,
        description = "Studies ReLU networks modulo positive rescaling.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            NetworksCommand.class,
            DimensionCommand.class,
            FunctionalDimensionCommand.class,
            GroupCommand.class,
            ActCommand.class,
            EquivalentCommand.class,
            LiftCommand.class,
            RescaleCommand.class,
            OptimizersCommand.class,
            StepCommand.class,
            TrainCommand.class,
            InvarianceCommand.class,
            VerifyCommand.class,
            RunCommand.class,
            CommandLine.HelpCommand.class
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
            "'quotient notebook' opens the notebooks in Jupyter, or says what to install.",
            "",
            "Exit codes: 0 done; 1 a verdict is not the expected one, or two things differ; 2 bad usage or bad input;",
            "of 'run', the exit code of the program."
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
        Delivery delivery = new Delivery(new FileOutputStream(FileDescriptor.out));
        PrintWriter out = new PrintWriter(new BufferedOutputStream(delivery), false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        if (args.length == 0 || !args[0].equals("run")) {
            // What classes of the user's print is no part of the answer.
            System.setOut(System.err);
        }
        int code = execute(args, out, err, Style.wanted());
        System.exit(delivery.failure().map(e -> Problems.report(e, err)).orElse(code));
    }

    /**
     * Runs the command line in this process.
     *
     * @param args the words after {@code quotient}
     * @param out where results go
     * @param err where diagnostics go
     * @return the exit code: 0, 1 or 2, or that of a program that was run
     */
    public static int execute(String[] args, PrintWriter out, PrintWriter err) {
        return execute(args, out, err, false);
    }

    private static int execute(String[] args, PrintWriter out, PrintWriter err, boolean colour) {
        CommandLine line = new CommandLine(new Main(colour))
                .setOut(out)
                .setErr(err)
                .setColorScheme(CommandLine.Help.defaultColorScheme(colour ? Ansi.ON : Ansi.OFF))
                .setExpandAtFiles(false)
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(110)
                .setParameterExceptionHandler(Problems::usage)
                .setExecutionExceptionHandler((e, command, parsed) -> Problems.report(e, err));
        Values.register(line);
        // What follows the file belongs to the program, also what looks like an option.
        Objects.requireNonNull(line.getSubcommands().get("run")).setStopAtPositional(true);
        int code;
        try {
            List<String> unknown = unknownFirst(line, args);
            code = unknown.isEmpty()
                    ? line.execute(args)
                    : Problems.usage(new UnmatchedArgumentException(line, unknown), args);
        } catch (Error e) {
            code = Problems.report(e, err);
        }
        out.flush();
        err.flush();
        return code;
    }

    /**
     * The word that should be a command and is not, at most one. Found before anything is parsed: a word after it may be a
     * command by chance, and what that one lacks is not the problem.
     */
    private static List<String> unknownFirst(CommandLine line, String[] args) {
        Map<String, CommandLine> commands = line.getSubcommands();
        int at = args.length > 1 && args[0].equals("help") ? 1 : 0;
        boolean known = at >= args.length || args[at].startsWith("-") || commands.containsKey(args[at]);
        return known ? List.of() : List.of(args[at]);
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
