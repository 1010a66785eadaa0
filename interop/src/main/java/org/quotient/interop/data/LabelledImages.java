package org.quotient.interop.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.data.Dataset;
import org.quotient.autodiff.data.Labels;
import org.quotient.autodiff.data.Storage;
import org.quotient.interop.InteropException;

/**
 * Pictures with a class for every pixel, in the layout in which CamVid (Brostow, Fauqueur and Cipolla 2009) is commonly kept:
 * folders {@code train}, {@code test} and perhaps {@code val} of PNG pictures (8-bit RGB), folders {@code trainannot},
 * {@code testannot} and {@code valannot} of label pictures of the same file names and size (8-bit, one channel, whose values
 * are the ids of classes), and {@code classes.txt}, see {@link PixelClass}. All pictures have one size. Hidden files do not
 * count; pictures are in the order of their names.
 *
 * <p>Samples have shape [3, height, width], values from 0 to 1. Labels are numbered 0, ..., K − 1 in the order of the ids;
 * the class called void or unlabelled, if there is one, becomes K, see {@link Labels}.
 */
public final class LabelledImages {
    private static final String EXPECTED =
            "classes.txt and folders train, trainannot, test, testannot and perhaps val, valannot of PNG pictures";
    private static final String LABELS = "annot";
    private static final int UNKNOWN = -1;

    private final String name;
    private final Path folder;
    private final int[] numberOf = new int[256];
    private final List<String> classNames;
    private final boolean hasVoid;

    private LabelledImages(String name, Path folder) {
        this.name = name;
        this.folder = folder;
        List<PixelClass> all = PixelClass.read(folder.resolve("classes.txt"));
        List<PixelClass> real = all.stream()
                .filter(c -> !c.isVoid())
                .sorted(Comparator.comparingInt(PixelClass::id))
                .toList();
        Arrays.fill(numberOf, UNKNOWN);
        for (int k = 0; k < real.size(); k++) {
            numberOf[real.get(k).id()] = k;
        }
        all.stream().filter(PixelClass::isVoid).forEach(c -> numberOf[c.id()] = real.size());
        classNames = real.stream().map(PixelClass::name).toList();
        hasVoid = all.size() > real.size();
    }

    /**
     * Reads a folder.
     *
     * @param name of the data set, such as {@code camvid}
     * @param title what it is, for the description
     * @param folder see above
     * @throws InteropException if something is missing, damaged or not what it should be, or files do not fit together
     */
    public static DataSplit read(String name, String title, Path folder) {
        DataFile.checkFolder(folder, EXPECTED);
        return new LabelledImages(name, folder).split(title);
    }

    private DataSplit split(String title) {
        Dataset train = part("train");
        boolean val = Files.exists(folder.resolve("val")) || Files.exists(folder.resolve("val" + LABELS));
        Optional<Dataset> validation = val ? Optional.of(part("val")) : Optional.empty();
        Dataset test = part("test");
        checkSize("test", test, train);
        validation.ifPresent(part -> checkSize("val", part, train));
        String description = String.format(
                Locale.ROOT,
                "%s: %d to train on, %s%d to test, %d by %d pixels, %d classes%s",
                title,
                train.size(),
                validation.map(part -> part.size() + " to validate, ").orElse(""),
                test.size(),
                train.sampleShape().size(1),
                train.sampleShape().size(2),
                classNames.size(),
                hasVoid ? " and void" : "");
        return new DataSplit(name, description, train, validation, test);
    }

    private void checkSize(String which, Dataset part, Dataset train) {
        if (!part.sampleShape().equals(train.sampleShape())) {
            throw new InteropException("'" + folder.resolve(which) + "': pictures are " + size(part.sampleShape())
                    + " pixels, those in 'train' " + size(train.sampleShape()) + "; expected one size.");
        }
    }

    private static String size(Shape picture) {
        return picture.size(1) + " by " + picture.size(2);
    }

    private Dataset part(String which) {
        Path pictures = folder.resolve(which);
        Path annotations = folder.resolve(which + LABELS);
        DataFile.checkFolder(pictures, "PNG pictures");
        DataFile.checkFolder(annotations, "the label pictures of those in '" + which + "'");
        List<String> names = pictures(pictures);
        List<String> labelled = pictures(annotations);
        names.stream().filter(n -> !labelled.contains(n)).findFirst().ifPresent(n -> {
            throw new InteropException(
                    "'" + pictures.resolve(n) + "' has no label picture '" + annotations.resolve(n) + "'.");
        });
        labelled.stream().filter(n -> !names.contains(n)).findFirst().ifPresent(n -> {
            throw new InteropException(
                    "'" + annotations.resolve(n) + "' labels no picture: there is no '" + pictures.resolve(n) + "'.");
        });
        List<byte[]> values = new ArrayList<>();
        List<int[]> labels = new ArrayList<>();
        Png first = Png.read(pictures.resolve(names.getFirst()), 3);
        for (String file : names) {
            Png picture = Png.read(pictures.resolve(file), 3);
            checkSize(pictures.resolve(file), picture, first, "the first picture");
            Png label = Png.read(annotations.resolve(file), 1);
            checkSize(annotations.resolve(file), label, picture, "its picture");
            values.add(picture.values());
            labels.add(numbers(label, annotations.resolve(file)));
        }
        return Dataset.of(
                name,
                Shape.of(3, first.height(), first.width()),
                new Storage.Bytes(joined(values)),
                new Labels(
                        labels.stream().flatMapToInt(Arrays::stream).toArray(),
                        Shape.of(first.height(), first.width()),
                        classNames,
                        hasVoid));
    }

    private static List<String> pictures(Path folder) {
        List<String> names = DataFile.names(folder);
        for (String name : names) {
            if (!name.toLowerCase(Locale.ROOT).endsWith(".png")) {
                throw new InteropException(
                        "'" + folder.resolve(name) + "' is not a PNG picture; expected nothing else there.");
            }
        }
        if (names.isEmpty()) {
            throw new InteropException("The folder '" + folder + "' is empty; expected PNG pictures.");
        }
        return names;
    }

    private static void checkSize(Path file, Png picture, Png other, String which) {
        if (picture.height() != other.height() || picture.width() != other.width()) {
            throw new InteropException("'" + file + "' is " + picture.height() + " by " + picture.width() + " pixels, "
                    + which + " " + other.height() + " by " + other.width() + "; expected one size.");
        }
    }

    private int[] numbers(Png label, Path file) {
        int[] numbers = new int[label.values().length];
        for (int i = 0; i < numbers.length; i++) {
            int id = Byte.toUnsignedInt(label.values()[i]);
            numbers[i] = numberOf[id];
            if (numbers[i] == UNKNOWN) {
                throw new InteropException("'" + file + "': pixel (" + i / label.width() + ", " + i % label.width()
                        + ") has the class " + id + ", which classes.txt does not list.");
            }
        }
        return numbers;
    }

    private static byte[] joined(List<byte[]> parts) {
        int each = parts.getFirst().length;
        byte[] all = new byte[Math.multiplyExact(each, parts.size())];
        for (int i = 0; i < parts.size(); i++) {
            System.arraycopy(parts.get(i), 0, all, i * each, each);
        }
        return all;
    }
}
