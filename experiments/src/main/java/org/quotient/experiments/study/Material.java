package org.quotient.experiments.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.interop.data.DataSets;

/**
 * The data of a study by name and sizes; where they are on this machine is told when they are loaded. Standardised by the numbers of
 * the training part.
 *
 * @param source a folder of the data directory, such as {@code mnist} or {@code camvid-120x90} for {@code camvid}, or {@code digits}, which are made on the spot, 8 by 8 pixels
 * @param train the first samples of the training part
 * @param validation the last samples of the training part
 * @param test the first samples of the test part
 */
public record Material(String source, int train, int validation, int test) {
    private static final String MADE = "digits";

    private static final Map<String, String> NAMES =
            Map.of("mnist", "MNIST", "cifar10", "CIFAR-10", "camvid", "CamVid");

    /** Digits made on the spot. */
    public static Material digits(int train, int validation, int test) {
        return new Material(MADE, train, validation, test);
    }

    /**
     * Loads them.
     *
     * @param directory with a folder of the source's name; not needed for digits
     * @throws IOException if it is needed and missing
     */
    public DataSplit load(Optional<Path> directory) throws IOException {
        String parts = ",validation=" + validation + ",train=" + train + ",test=" + test;
        if (source.equals(MADE)) {
            int all = train + validation + test;
            double fraction = (train + validation) / (double) all;
            return DataSets.load(MADE + ",size=8,n=" + all + ",fraction=" + fraction + parts, 0);
        }
        Path parent = directory.orElseThrow(
                () -> new IOException("This needs " + source + ": give its parent folder as --data FOLDER,"
                        + " or --quick for a small version on data made on the spot"));
        Path folder = Files.isDirectory(parent.resolve(source)) ? parent.resolve(source) : sized(parent);
        return DataSets.load(source + ":" + folder + parts, 0);
    }

    /** A folder whose name says the size of pictures too, such as {@code camvid-120x90}; the first of several. */
    private Path sized(Path parent) throws IOException {
        try (Stream<Path> inside = Files.isDirectory(parent) ? Files.list(parent) : Stream.empty()) {
            return inside.filter(Files::isDirectory)
                    .filter(p -> String.valueOf(p.getFileName()).matches(Pattern.quote(source) + "-\\d+x\\d+"))
                    .min(Comparator.naturalOrder())
                    .orElseThrow(() -> new IOException("The folder of --data has no folder '" + source
                            + "'; expected the files of " + source + " in a folder of that name"));
        }
    }

    /** As pages say it. */
    public String text() {
        return (source.equals(MADE) ? "digits made on the spot, 8 by 8 pixels" : NAMES.getOrDefault(source, source))
                + ": " + train + " to train, " + validation + " to validate, " + test + " to test";
    }
}
