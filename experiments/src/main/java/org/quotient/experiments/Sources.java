package org.quotient.experiments;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What experiments on data sets need beside. */
final class Sources {
    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description =
                    "the folder of data sets, each in a folder of its name: mnist, cifar10, camvid (not needed with --quick)")
    Optional<Path> data = Optional.empty();

    @Option(names = "--fresh", description = "forget the runs of an interrupted attempt")
    boolean fresh;

    @Option(
            names = "--keep",
            description = "take over the runs of the results that are there, to write their page and plots anew")
    boolean keep;
}
