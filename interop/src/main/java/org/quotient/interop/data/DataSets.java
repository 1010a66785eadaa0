package org.quotient.interop.data;

import java.util.List;
import java.util.Optional;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.data.Dataset;
import org.quotient.autodiff.data.Digits;
import org.quotient.autodiff.data.MadeData;
import org.quotient.autodiff.data.Moons;
import org.quotient.autodiff.data.Shuffle;
import org.quotient.autodiff.data.Spirals;
import org.quotient.autodiff.data.Teacher;
import org.quotient.autodiff.network.NearestNames;

/**
 * Data sets by name: those made on the spot, {@code moons}, {@code spirals}, {@code teacher}, {@code digits}, and those read
 * from a folder, {@code mnist:DIR}, {@code fashion-mnist:DIR}, {@code cifar10:DIR}, {@code camvid:DIR}, each with
 * {@code ,key=value} settings such as {@code moons,n=500,noise=0.2} and {@code mnist:DIR,train=1000,validation=500}. The
 * settings of all:
 *
 * <ul>
 *   <li>{@code subset=first|random}: whether the next three take samples in the order of the file or in a random one, which
 *       the seed decides.
 *   <li>{@code validation=n}: where there is a validation part, its first n samples (all by default, 0 for none). Otherwise
 *       the last n samples of the training part are set aside (0 by default).
 *   <li>{@code train=n}, {@code test=n}: the first n of what remains of the training part, of the test part; all by default.
 *   <li>{@code standardise=true|false}: whether inputs are centred and scaled, channel by channel, by the numbers of the
 *       training part that results.
 *   <li>{@code seed=n}: of what is drawn, instead of the seed of the run.
 * </ul>
 *
 * <p>Of those made on the spot: {@code n} points in all, of which the part {@code fraction} is for training, {@code noise},
 * and others of their own, see {@link MadeData}. Of {@code camvid}: {@code crop=HxW}, the middle of the pictures, for networks that
 * halve the sides.
 */
public final class DataSets {
    private DataSets() {}

    /** How a data set is made of its settings and a seed. */
    private interface Loading {
        DataSplit load(DataSettings settings, long seed);
    }

    private record Entry(DataSource source, Loading loading) {}

    private static List<Entry> entries() {
        Moons moons = MadeData.moons();
        Spirals spirals = MadeData.spirals();
        Teacher teacher = MadeData.teacher();
        Digits digits = MadeData.digits();
        return List.of(
                new Entry(
                        made(
                                "moons",
                                "two half circles that reach into each other",
                                "moons,noise=0.2",
                                "n",
                                moons.n(),
                                "noise",
                                moons.noise(),
                                "fraction",
                                moons.train()),
                        (s, seed) -> new Moons(s.whole("n", 4), s.number("noise"), s.number("fraction")).draw(seed)),
                new Entry(
                        made(
                                "spirals",
                                "arms of a spiral, one a class",
                                "spirals,n=2000,arms=2,turns=1",
                                "n",
                                spirals.n(),
                                "arms",
                                spirals.arms(),
                                "turns",
                                spirals.turns(),
                                "noise",
                                spirals.noise(),
                                "fraction",
                                spirals.train()),
                        (s, seed) -> new Spirals(
                                        s.whole("n", 4),
                                        s.whole("arms", 2),
                                        s.number("turns"),
                                        s.number("noise"),
                                        s.number("fraction"))
                                .draw(seed)),
                new Entry(
                        made(
                                "teacher",
                                "the largest output of a random ReLU network",
                                "teacher,inputs=20,hidden=10",
                                "n",
                                teacher.n(),
                                "inputs",
                                teacher.inputs(),
                                "hidden",
                                teacher.hidden(),
                                "classes",
                                teacher.classes(),
                                "fraction",
                                teacher.train()),
                        (s, seed) -> new Teacher(
                                        s.whole("n", 2),
                                        s.whole("inputs", 1),
                                        s.whole("hidden", 1),
                                        s.whole("classes", 2),
                                        s.number("fraction"))
                                .draw(seed)),
                new Entry(
                        made(
                                "digits",
                                "the ten digits drawn with a pen",
                                "digits,size=28",
                                "n",
                                digits.n(),
                                "size",
                                digits.size(),
                                "noise",
                                digits.noise(),
                                "fraction",
                                digits.train()),
                        (s, seed) -> new Digits(
                                        s.whole("n", 10), s.whole("size", 6), s.number("noise"), s.number("fraction"))
                                .draw(seed)),
                new Entry(
                        read("mnist", "handwritten digits, 28 by 28 (LeCun et al. 1998), IDX files", "0"),
                        (s, seed) -> Idx.mnist(s.folder())),
                new Entry(
                        read("fashion-mnist", "clothes, 28 by 28 (Xiao et al. 2017), IDX files", "0"),
                        (s, seed) -> Idx.fashionMnist(s.folder())),
                new Entry(
                        read("cifar10", "pictures, 32 by 32 in colour (Krizhevsky 2009), binary batches", "0"),
                        (s, seed) -> Cifar10.read(s.folder())),
                new Entry(
                        DataSource.of(
                                "camvid:DIR",
                                "road scenes with a class a pixel (Brostow et al. 2009), PNG pictures",
                                "camvid:data/camvid,crop=88x120",
                                "all",
                                "crop",
                                "none"),
                        (s, seed) -> {
                            DataSplit all = LabelledImages.read(
                                    "camvid",
                                    "CamVid, road scenes with a class a pixel (Brostow et al. 2009)",
                                    s.folder());
                            return s.size("crop")
                                    .map(hw -> all.map(d -> d.cropped(hw[0], hw[1])))
                                    .orElse(all);
                        }));
    }

    private static DataSource made(String name, String description, String example, Object... own) {
        return DataSource.of(name, description, example, "0", own);
    }

    private static DataSource read(String name, String description, String validation) {
        return DataSource.of(name + ":DIR", description, name + ":data/" + name + ",train=1000", validation);
    }

    /** All data sets, in the order in which documentation lists them. */
    public static List<DataSource> catalogue() {
        return entries().stream().map(Entry::source).toList();
    }

    /** Loads a data set, drawing what is drawn from seed 0; see {@link #load(String, long)}. */
    public static DataSplit load(String spec) {
        return load(spec, 0);
    }

    /**
     * Loads a data set.
     *
     * @param spec such as {@code digits} or {@code mnist:data/mnist,train=1000}
     * @param seed of the run: decides what is drawn
     * @throws IllegalArgumentException if the name, a setting or its value is wrong: what was given, what is expected
     * @throws org.quotient.interop.InteropException if files are missing or not what they should be
     */
    public static DataSplit load(String spec, long seed) {
        String name = DataSettings.nameOf(spec);
        List<Entry> entries = entries();
        Entry entry = entries.stream()
                .filter(e -> e.source().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(NearestNames.unknown(
                        "a data set",
                        name,
                        entries.stream().map(e -> e.source().name()).toList())));
        try {
            DataSettings settings = DataSettings.parse(spec, entry.source());
            boolean random = !settings.isFirst("subset", "first", "random");
            boolean standardised = settings.isFirst("standardise", "true", "false");
            long drawn = settings.seed(seed);
            DataSplit whole = entry.loading().load(settings, drawn);
            DataSplit chosen = chosen(random ? shuffled(whole, drawn) : whole, settings);
            return standardised ? chosen.standardised() : chosen;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + spec + "': " + e.getMessage(), e);
        }
    }

    private static DataSplit shuffled(DataSplit all, long seed) {
        CounterRandom random = CounterRandom.seeded(seed).split("subset");
        return new DataSplit(
                all.name(),
                all.description(),
                shuffled(all.train(), random.split("train")),
                all.validation().map(part -> shuffled(part, random.split("validation"))),
                shuffled(all.test(), random.split("test")));
    }

    private static Dataset shuffled(Dataset part, CounterRandom random) {
        return part.select(Shuffle.permutation(part.size(), random));
    }

    private static DataSplit chosen(DataSplit all, DataSettings settings) {
        boolean own = all.validation().isPresent();
        int available = all.validation().map(Dataset::size).orElse(all.train().size() - 1);
        int validation = settings.count("validation", 0, available);
        DataSplit cut = own || validation == 0 ? all : all.withValidation(validation);
        Optional<Dataset> kept = cut.validation().filter(v -> validation > 0).map(v -> v.subset(0, validation));
        int train = settings.count("train", 1, cut.train().size());
        int test = settings.count("test", 1, cut.test().size());
        String description = all.description()
                + taken("train", train, all.train().size() - (own ? 0 : validation))
                + (own
                        ? taken("validation", validation, available)
                        : validation > 0 ? ", " + validation + " set aside to validate" : "")
                + taken("test", test, all.test().size());
        return new DataSplit(
                all.name(),
                description,
                cut.train().subset(0, train),
                kept,
                cut.test().subset(0, test));
    }

    private static String taken(String part, int count, int of) {
        return count == of ? "" : ", " + count + " of the " + part + " part taken";
    }
}
