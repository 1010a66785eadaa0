package org.quotient.experiments.segnet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.experiments.study.Contest;
import org.quotient.experiments.study.Entry;
import org.quotient.experiments.study.Journal;
import org.quotient.experiments.study.Material;
import org.quotient.experiments.study.Method;
import org.quotient.experiments.study.Part;
import org.quotient.experiments.study.Tuned;
import org.quotient.experiments.study.Tuning;

/** UN against SGD on road scenes with a class for every pixel (after Badrinarayanan, Mishra and Cipolla 2015, who use SegNet). */
public final class SegNetStudy {
    private SegNetStudy() {}

    /**
     * What is run.
     *
     * @param data to learn; {@link Scenes#SOURCE} for scenes made on the spot
     * @param parts the networks
     */
    public record Settings(Material data, List<Setting> parts) {
        /** Copies the list. */
        public Settings {
            parts = List.copyOf(parts);
        }

        /** The page's. */
        public static Settings full() {
            List<Integer> pools = List.of(2, 3);
            List<Integer> channels = List.of(8, 16);
            SegNet plain = new SegNet(pools, channels, false);
            List<Long> one = List.of(100L);
            return new Settings(
                    new Material("camvid", 367, 101, 233),
                    List.of(
                            part(
                                    "batch normalisation",
                                    new SegNet(pools, channels, true),
                                    "constant",
                                    tuning(3, one),
                                    ""),
                            part("no normalisation", plain, "constant", tuning(1, one), ""),
                            part(
                                    "no normalisation, second look",
                                    plain,
                                    "cosine",
                                    tuning(1, List.of(100L, 101L, 102L)),
                                    "**Added after the results above, tests included, had been seen**: three seeds to choose by"
                                            + " instead of one, and a rate that falls to nothing instead of a constant one.")));
        }

        /** Seconds. */
        public static Settings quick() {
            Tuning tuning = new Tuning(methods(1, 2), List.of(100L), List.of(0L));
            SegNet net = new SegNet(List.of(2, 3), List.of(3, 4), true);
            return new Settings(
                    new Material(Scenes.SOURCE, 32, 8, 8),
                    List.of(new Setting(
                            net, new Contest("batch normalisation", net.text(), 8, 3, "constant", tuning), "")));
        }

        private static Setting part(String name, SegNet net, String schedule, Tuning tuning, String note) {
            return new Setting(net, new Contest(name, net.text(), 4, 8, schedule, tuning), note);
        }

        private static Tuning tuning(double largest, List<Long> choosing) {
            return new Tuning(methods(largest, 4), choosing, List.of(0L, 1L, 2L));
        }

        /** SGD and UN with the same rates, √10 apart. */
        static List<Method> methods(double largest, int count) {
            List<Double> rates = Method.down(largest, count);
            return List.of(Method.of("SGD", "sgd", rates), Method.of("UN", "un", rates));
        }

        /** How many runs there are. */
        public long runs() {
            return parts.stream().mapToLong(p -> p.contest().tuning().runs()).sum();
        }
    }

    /**
     * A part of the study.
     *
     * @param net the network
     * @param contest what is run on it
     * @param note on how it came about, for the page; empty for none
     */
    public record Setting(SegNet net, Contest contest, String note) {}

    /**
     * Everything.
     *
     * @param settings what was run
     * @param description of the data
     * @param commonest the share of the commonest class among the test part's pixels that have one
     * @param parts the networks
     * @param entries all runs
     */
    public record Results(
            Settings settings, String description, double commonest, List<Part> parts, List<Entry> entries) {
        /** Copies the lists. */
        public Results {
            parts = List.copyOf(parts);
            entries = List.copyOf(entries);
        }

        /** What came out for a network. */
        public Tuned tuned(Part part) {
            return part.contest().of(entries);
        }
    }

    /**
     * Runs all that is not in the journal.
     *
     * @param directory of data sets, if the settings need it
     * @param journal of these settings
     * @param step called after each run
     * @throws IOException if data are missing
     */
    public static Results run(Settings settings, Optional<Path> directory, Journal journal, Runnable step)
            throws IOException {
        DataSplit data = settings.data().source().equals(Scenes.SOURCE)
                ? Scenes.made(settings.data())
                : settings.data().load(directory);
        Shape each = data.train().sampleShape();
        List<Part> parts = settings.parts().stream()
                .map(setting -> {
                    InitialisedNetwork drawn = setting.net()
                            .network(
                                    each.size(0),
                                    each.size(1),
                                    each.size(2),
                                    data.train().classes());
                    return setting.contest().part(drawn, data, journal, step);
                })
                .toList();
        return new Results(settings, data.description(), Scenes.commonest(data.test()), parts, journal.entries());
    }
}
