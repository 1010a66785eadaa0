package org.quotient.experiments.pathcond;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.experiments.pathcond.PathCondSettings.Kind;
import org.quotient.experiments.pathcond.PathCondSettings.Setting;
import org.quotient.experiments.study.Criterion;
import org.quotient.experiments.study.Entry;
import org.quotient.experiments.study.Journal;
import org.quotient.experiments.study.Pictures;
import org.quotient.experiments.study.Tuned;

/** The experiments of path-conditioned training (Lebeurrier, Vayer and Gribonval 2026), with a rate tuned for each method. */
public final class PathCondStudy {
    /** What is compared is how fast training is, as in the paper. */
    private static final Criterion CRITERION = Criterion.TRAINING_LOSS;

    private PathCondStudy() {}

    /**
     * A network of the study.
     *
     * @param setting what was run on it
     * @param parameters how many it has
     * @param group how many scales are free
     * @param scales the largest |log λ| by which path conditioning moves a unit at the start, a number for each reported seed
     * @param published the same of the published ten sweeps; on the network without normalisation, if it has some
     */
    public record Part(Setting setting, long parameters, int group, List<Double> scales, List<Double> published) {
        /** Copies the lists. */
        public Part {
            scales = List.copyOf(scales);
            published = List.copyOf(published);
        }
    }

    /**
     * Everything.
     *
     * @param settings what was run
     * @param toy trajectories of the one-unit toy
     * @param parts the networks
     * @param entries all runs
     */
    public record Results(PathCondSettings settings, List<Toy.Trajectory> toy, List<Part> parts, List<Entry> entries) {
        /** Copies the lists. */
        public Results {
            toy = List.copyOf(toy);
            parts = List.copyOf(parts);
            entries = List.copyOf(entries);
        }

        /** The same for a file: fewer points of the toy's trajectories, of runs the epochs, which is what pictures and tables show. */
        public Results thinned() {
            return new Results(
                    settings,
                    toy.stream().map(Toy.Trajectory::thinned).toList(),
                    parts,
                    entries.stream()
                            .map(e -> new Entry(e.job(), e.outcome().withoutSteps()))
                            .toList());
        }

        /** What came out for a network. */
        public Tuned tuned(Part part) {
            return part.setting().contest().of(entries, CRITERION);
        }

        /** The networks of a kind, in order. */
        public List<Part> parts(Kind kind) {
            return parts.stream().filter(p -> p.setting().kind() == kind).toList();
        }
    }

    /**
     * Runs all that is not in the journal; the toy, which takes seconds, always.
     *
     * @param directory of data sets, if the settings need it
     * @param journal of these settings
     * @param step called after each run
     * @throws IOException if data are missing
     */
    public static Results run(PathCondSettings settings, Optional<Path> directory, Journal journal, Runnable step)
            throws IOException {
        DataSplit pictures = halved(settings, settings.pictures().load(directory));
        DataSplit themselves =
                Pictures.ofThemselves(halved(settings, settings.digits().load(directory)));
        List<Toy.Trajectory> toy = settings.toy().run();
        List<Part> parts = new ArrayList<>();
        for (Setting setting : settings.parts()) {
            boolean code = setting.kind() == Kind.AUTOENCODER;
            InitialisedNetwork drawn = BuiltIns.network(setting.contest().network());
            PublishedStart published = PublishedStart.of(setting.contest().network());
            setting.contest()
                    .run(
                            drawn,
                            code ? themselves : pictures,
                            code,
                            (method, weights) -> method.name().equals(PathCondSettings.PUBLISHED)
                                    ? published.weights(weights)
                                    : weights,
                            CRITERION,
                            journal,
                            step);
            parts.add(part(setting, drawn, published));
        }
        return new Results(settings, toy, parts, journal.entries());
    }

    private static DataSplit halved(PathCondSettings settings, DataSplit data) {
        return settings.halved() ? Pictures.halved(data) : data;
    }

    private static Part part(Setting setting, InitialisedNetwork drawn, PublishedStart published) {
        PublishedStart exact = PublishedStart.exact(drawn.network());
        List<Double> scales = new ArrayList<>();
        List<Double> sweeps = new ArrayList<>();
        for (long seed : setting.contest().tuning().seeds()) {
            scales.add(exact.largest(drawn.model(seed).weights()));
            sweeps.add(published.largest(drawn.model(seed).weights()));
        }
        return new Part(
                setting,
                drawn.network().parameterCount(),
                exact.problem().group().rank(),
                scales,
                sweeps);
    }
}
