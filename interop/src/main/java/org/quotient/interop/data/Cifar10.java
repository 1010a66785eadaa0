package org.quotient.interop.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.data.Dataset;
import org.quotient.autodiff.data.Labels;
import org.quotient.autodiff.data.Storage;
import org.quotient.interop.InteropException;

/**
 * The binary version of CIFAR-10 (Krizhevsky 2009): records of 3073 bytes, a label from 0 to 9 and 1024 red, 1024 green and
 * 1024 blue pixels, row by row. A folder holds {@code test_batch.bin} and any of {@code data_batch_1.bin} to
 * {@code data_batch_5.bin}, each plain or with {@code .gz}; where both are there the plain one is read. The description says
 * which of the five are there. Samples have shape [3, 32, 32], values from 0 to 1.
 */
public final class Cifar10 {
    private static final int PIXELS = 3 * 32 * 32;
    private static final int RECORD = 1 + PIXELS;
    private static final int BATCHES = 5;
    private static final Pattern BATCH = Pattern.compile("data_batch_([^.]+)(\\.bin(\\.gz)?)?");
    private static final String EXPECTED = "data_batch_1.bin to data_batch_5.bin (any of them) and test_batch.bin, each"
            + " plain or .gz, of the binary version of CIFAR-10";
    private static final List<String> CLASSES =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

    private Cifar10() {}

    /**
     * Reads a folder.
     *
     * @param folder see above
     * @throws InteropException if a file is missing, damaged or not what it should be
     */
    public static DataSplit read(Path folder) {
        DataFile.checkFolder(folder, EXPECTED);
        List<Integer> present = batches(folder);
        List<Path> files = new ArrayList<>();
        present.forEach(k -> files.add(DataFile.find(folder, "data_batch_" + k + ".bin")));
        Path testFile = DataFile.find(folder, "test_batch.bin");
        Dataset train = part(files);
        Dataset test = part(List.of(testFile));
        String which = present.size() == BATCHES
                ? "all five training batches"
                : "training batches " + present.toString().replaceAll("[\\[\\]]", "") + " of " + BATCHES + " only";
        return DataSplit.of(
                "cifar10",
                "CIFAR-10 (Krizhevsky 2009), " + which + ": " + train.size() + " to train on, " + test.size()
                        + " to test",
                train,
                test);
    }

    private static List<Integer> batches(Path folder) {
        TreeSet<Integer> present = new TreeSet<>();
        for (String name : DataFile.names(folder)) {
            Matcher batch = BATCH.matcher(name);
            if (batch.matches()) {
                if (batch.group(2) == null) {
                    throw new InteropException(
                            "'" + folder.resolve(name) + "' has no ending .bin, as in the Python version of"
                                    + " CIFAR-10; expected a folder with " + EXPECTED + ".");
                }
                if (!batch.group(1).matches("[1-5]")) {
                    throw new InteropException("'" + folder.resolve(name)
                            + "' is none of CIFAR-10's five batches; expected " + EXPECTED + ".");
                }
                present.add(Integer.valueOf(batch.group(1)));
            }
        }
        if (present.isEmpty()) {
            throw new InteropException("'" + folder + "' has no training batch; expected " + EXPECTED + ".");
        }
        return List.copyOf(present);
    }

    private static Dataset part(List<Path> files) {
        List<byte[]> contents = new ArrayList<>();
        int count = 0;
        for (Path file : files) {
            byte[] bytes = DataFile.read(file);
            if (bytes.length == 0 || bytes.length % RECORD != 0) {
                throw new InteropException(
                        "'" + file + "' holds " + bytes.length + " bytes; expected a multiple of " + RECORD
                                + " (a label and a picture of 32 by 32 pixels in three colours). It is incomplete, something"
                                + " follows after its end, or it is no batch of CIFAR-10's binary version.");
            }
            count += bytes.length / RECORD;
            contents.add(bytes);
        }
        byte[] pixels = new byte[Math.multiplyExact(count, PIXELS)];
        int[] labels = new int[count];
        int at = 0;
        for (int f = 0; f < files.size(); f++) {
            byte[] bytes = contents.get(f);
            for (int i = 0; i < bytes.length / RECORD; i++, at++) {
                labels[at] = Byte.toUnsignedInt(bytes[i * RECORD]);
                if (labels[at] >= CLASSES.size()) {
                    throw new InteropException("'" + files.get(f) + "': the label of record " + i + " is " + labels[at]
                            + "; expected 0 to " + (CLASSES.size() - 1) + ".");
                }
                System.arraycopy(bytes, i * RECORD + 1, pixels, at * PIXELS, PIXELS);
            }
        }
        return Dataset.of("cifar10", Shape.of(3, 32, 32), new Storage.Bytes(pixels), Labels.of(labels, CLASSES));
    }
}
