package org.quotient.experiments.cifar;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.experiments.study.Contest;
import org.quotient.experiments.study.Entry;
import org.quotient.experiments.study.Journal;
import org.quotient.experiments.study.Material;
import org.quotient.experiments.study.Method;
import org.quotient.experiments.study.Part;
import org.quotient.experiments.study.Pictures;
import org.quotient.experiments.study.Tuned;
import org.quotient.experiments.study.Tuning;

/**
 * A small convolutional network and a residual one on pictures (after Meng et al., ICLR 2019, who train networks of 34 layers on
 * CIFAR-10): G-SGD, Path-SGD, path conditioning and frames against SGD and Adam.
 */
public final class CifarStudy {
    private CifarStudy() {}

    /**
     * What is run.
     *
     * @param data to learn
     * @param halved whether pictures are brought to half as many rows and columns
     * @param contests a part for each network
     */
    public record Settings(Material data, boolean halved, List<Contest> contests) {
        private static final String ONES = "g-sgd:skeleton=index,init=ones";

        /** Copies the list. */
        public Settings {
            contests = List.copyOf(contests);
        }

        /** The page's. */
        public static Settings full() {
            return new Settings(
                    new Material("cifar10", 4000, 1000, 4000),
                    true,
                    List.of(
                            contest(
                                    "small CNN",
                                    "lenet-5,input=3x16x16,dtype=f32",
                                    10,
                                    "steps:0.1:5:7",
                                    methods(5, 1, 0.1, 0.1, 0.3, 1, 1, 0.03)),
                            contest(
                                    "small CNN, batch normalisation",
                                    "lenet-5,bn=true,input=3x16x16,dtype=f32",
                                    10,
                                    "steps:0.1:5:7",
                                    methods(5, 1, 1, 3, 3, 1, 1, 0.03)),
                            contest(
                                    "residual network, batch normalisation",
                                    "resnet-18,width=0.0625,bn=true,input=3x16x16,dtype=f32",
                                    6,
                                    "steps:0.1:3:4",
                                    methods(4, 1, 1, 1, 1, 0.1, 1, 0.03))));
        }

        private static Contest contest(String name, String network, int epochs, String schedule, List<Method> methods) {
            return new Contest(
                    name, network, 64, epochs, schedule, new Tuning(methods, List.of(100L), List.of(0L, 1L, 2L)));
        }

        /** Seconds. */
        public static Settings quick() {
            return new Settings(
                    Material.digits(120, 40, 40),
                    false,
                    List.of(new Contest(
                            "small CNN",
                            "densenet-tiny,width=0.25,bn=true,input=1x8x8,dtype=f32",
                            40,
                            2,
                            "constant",
                            new Tuning(
                                    methods(1, 0.1, 0.03, 0.03, 0.3, 0.1, 0.1, 0.003), List.of(100L), List.of(0L)))));
        }

        /** The methods, each with its largest rate and so many in all; both forms of Adam have the same. */
        static List<Method> methods(
                int count,
                double sgd,
                double skeleton,
                double gSgd,
                double pathSgd,
                double conditioned,
                double frame,
                double adam) {
            return List.of(
                    Method.of("SGD", "sgd", Method.down(sgd, count)),
                    new Method("SGD, skeleton start", "sgd", ONES, Method.down(skeleton, count)),
                    Method.of("G-SGD", ONES, Method.down(gSgd, count)),
                    Method.of("Path-SGD", "path-sgd", Method.down(pathSgd, count)),
                    Method.of("PathCond + SGD", "pathcond+sgd", Method.down(conditioned, count)),
                    Method.of("frame-SGD", "frame-sgd", Method.down(frame, count)),
                    Method.of("Adam", "adam", Method.down(adam, count)),
                    Method.of("frame-Adam", "frame-adam", Method.down(adam, count)));
        }

        /** G-SGD among them. */
        static Method gSgd(List<Method> methods) {
            return methods.stream()
                    .filter(m -> m.optimizer().equals(ONES))
                    .findFirst()
                    .orElseThrow();
        }

        /** How many runs there are. */
        public long runs() {
            return contests.stream().mapToLong(c -> c.tuning().runs()).sum();
        }
    }

    /**
     * Everything.
     *
     * @param settings what was run
     * @param parts the networks
     * @param entries all runs
     * @param looks runs of G-SGD behind normalisations made again, see {@link StatisticsLook}
     */
    public record Results(Settings settings, List<Part> parts, List<Entry> entries, List<StatisticsLook> looks) {
        /** Copies the lists. */
        public Results {
            parts = List.copyOf(parts);
            entries = List.copyOf(entries);
            looks = List.copyOf(looks);
        }

        /** What came out for a network. */
        public Tuned tuned(Part part) {
            return part.contest().of(entries);
        }
    }

    /**
     * Runs all that is not in the journal; the looks, which take seconds, always.
     *
     * @param directory of data sets, if the settings need it
     * @param journal of these settings
     * @param step called after each run
     * @throws IOException if data are missing
     */
    public static Results run(Settings settings, Optional<Path> directory, Journal journal, Runnable step)
            throws IOException {
        DataSplit loaded = settings.data().load(directory);
        DataSplit data = settings.halved() ? Pictures.halved(loaded) : loaded;
        List<Part> parts = settings.contests().stream()
                .map(contest -> contest.part(BuiltIns.network(contest.network()), data, journal, step))
                .toList();
        return new Results(settings, parts, journal.entries(), looks(parts, data, journal.entries()));
    }

    /** At the first reported run of G-SGD on each network with running statistics. */
    private static List<StatisticsLook> looks(List<Part> parts, DataSplit data, List<Entry> entries) {
        List<StatisticsLook> looks = new ArrayList<>();
        for (Part part : parts) {
            Contest contest = part.contest();
            InitialisedNetwork drawn = BuiltIns.network(contest.network());
            if (!drawn.network().buffers().isEmpty()) {
                Tuned tuned = contest.of(entries);
                Method method = Settings.gSgd(tuned.methods());
                looks.add(StatisticsLook.at(
                        contest,
                        drawn,
                        data,
                        method,
                        tuned.choice(method).rate(),
                        contest.tuning().seeds().getFirst()));
            }
        }
        return looks;
    }
}
