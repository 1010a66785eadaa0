package org.quotient.interop.data;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.data.Dataset;
import org.quotient.autodiff.data.Labels;
import org.quotient.autodiff.data.Storage;
import org.quotient.interop.InteropException;

/**
 * IDX files, the format of MNIST (LeCun, Bottou, Bengio and Haffner 1998) and Fashion-MNIST (Xiao, Rasul and Vollgraf 2017):
 * big-endian numbers, then bytes. A folder holds {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte},
 * {@code t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte}, each plain or with {@code .gz}; where both are there the
 * plain one is read. Samples have shape [1, rows, columns], values from 0 to 1.
 */
public final class Idx {
    private static final int IMAGES = 2051;
    private static final int LABELS = 2049;
    private static final int IMAGES_HEADER = 16;
    private static final int LABELS_HEADER = 8;

    private static final List<String> DIGITS =
            IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    private static final List<String> CLOTHES = List.of(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");

    private Idx() {}

    /**
     * MNIST: handwritten digits.
     *
     * @param folder see above
     * @throws InteropException if a file is missing, damaged or not what it should be, or files do not fit together
     */
    public static DataSplit mnist(Path folder) {
        return read("mnist", "MNIST, handwritten digits (LeCun et al. 1998)", folder, DIGITS);
    }

    /**
     * Fashion-MNIST: pictures of clothes.
     *
     * @param folder see above
     * @throws InteropException if a file is missing, damaged or not what it should be, or files do not fit together
     */
    public static DataSplit fashionMnist(Path folder) {
        return read("fashion-mnist", "Fashion-MNIST, pictures of clothes (Xiao et al. 2017)", folder, CLOTHES);
    }

    private static DataSplit read(String name, String title, Path folder, List<String> classes) {
        DataFile.checkFolder(
                folder,
                "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte,"
                        + " each plain or .gz");
        Dataset train = part(name, folder, "train", classes);
        Dataset test = part(name, folder, "t10k", classes);
        if (!train.sampleShape().equals(test.sampleShape())) {
            throw new InteropException("'" + folder + "': training images are " + size(train) + " and test images "
                    + size(test) + "; expected one size.");
        }
        return DataSplit.of(
                name, title + ": " + train.size() + " to train on, " + test.size() + " to test", train, test);
    }

    private static String size(Dataset part) {
        return part.sampleShape().size(1) + " by " + part.sampleShape().size(2);
    }

    private static Dataset part(String name, Path folder, String prefix, List<String> classes) {
        Path imageFile = DataFile.find(folder, prefix + "-images-idx3-ubyte");
        Path labelFile = DataFile.find(folder, prefix + "-labels-idx1-ubyte");
        ByteBuffer labels = open(labelFile, LABELS, LABELS_HEADER, "labels");
        int count = checkCount(labelFile, labels, 1);
        ByteBuffer images = open(imageFile, IMAGES, IMAGES_HEADER, "images");
        int pictures = images.getInt(4);
        int rows = images.getInt(8);
        int columns = images.getInt(12);
        if (rows < 1 || columns < 1 || (long) rows * columns > Integer.MAX_VALUE) {
            throw new InteropException("'" + imageFile + "' declares images of " + rows + " by " + columns
                    + " pixels; it is damaged or no file of images.");
        }
        checkCount(imageFile, images, (long) rows * columns);
        if (pictures != count) {
            throw new InteropException("'" + imageFile + "' has " + pictures + " images, but '" + labelFile + "' has "
                    + count + " labels; expected as many. Are they of one data set?");
        }
        byte[] pixels = new byte[images.remaining()];
        images.get(pixels);
        return Dataset.of(
                name,
                Shape.of(1, rows, columns),
                new Storage.Bytes(pixels),
                Labels.of(numbers(labels, labelFile, classes.size()), classes));
    }

    private static int[] numbers(ByteBuffer labels, Path file, int classes) {
        int[] values = new int[labels.remaining()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Byte.toUnsignedInt(labels.get());
            if (values[i] >= classes) {
                throw new InteropException(
                        "'" + file + "': label " + i + " is " + values[i] + "; expected 0 to " + (classes - 1) + ".");
            }
        }
        return values;
    }

    /** The contents, positioned behind the header. */
    private static ByteBuffer open(Path file, int magic, int header, String what) {
        ByteBuffer bytes = ByteBuffer.wrap(DataFile.read(file));
        int found = bytes.remaining() < Integer.BYTES ? 0 : bytes.getInt(0);
        if (bytes.remaining() >= Integer.BYTES && found != magic) {
            throw new InteropException("'" + file + "' is not an IDX file of " + what + ": it begins with the number "
                    + found + ", expected " + magic + ".");
        }
        if (bytes.remaining() < header) {
            throw new InteropException(
                    "'" + file + "' ends within its header, after " + bytes.remaining() + " bytes; it is incomplete.");
        }
        return bytes.position(header);
    }

    /** The number of items, which has to be that of the bytes that follow. */
    private static int checkCount(Path file, ByteBuffer bytes, long each) {
        int count = bytes.getInt(4);
        if (count < 1) {
            throw new InteropException("'" + file + "' declares " + count + " items; expected one or more.");
        }
        if (bytes.remaining() != count * each) {
            throw new InteropException("'" + file + "' declares " + count + " items of " + each + " bytes, "
                    + count * each + " in all, but holds " + bytes.remaining() + ": "
                    + (bytes.remaining() < count * each
                            ? "it is incomplete."
                            : "something else follows after its end."));
        }
        return count;
    }
}
