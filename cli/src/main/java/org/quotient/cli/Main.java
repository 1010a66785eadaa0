package org.quotient.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The entry point of the command {@code quotient}. */
@Command(
        name = "quotient",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Studies ReLU networks modulo positive rescaling.")
public final class Main implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Without a subcommand there is nothing to do but to say what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /**
     * Runs the command line and ends the process with its exit code.
     *
     * @param args the words after {@code quotient}
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
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
