package org.quotient.interop.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.quotient.interop.FileReason;
import org.quotient.interop.InteropException;

/** Files of a data set's folder, as they are or packed by gzip. */
final class DataFile {
    private static final String PACKED = ".gz";

    private DataFile() {}

    /**
     * Checks that a folder is there.
     *
     * @param expected what it should contain, for the message
     */
    static void checkFolder(Path folder, String expected) {
        if (!Files.isDirectory(folder)) {
            throw new InteropException(
                    (Files.exists(folder) ? "'" + folder + "' is a file" : "There is no folder '" + folder + "'")
                            + "; expected a folder with " + expected + ".");
        }
        if (!Files.isReadable(folder) || !Files.isExecutable(folder)) {
            throw new InteropException("The folder '" + folder + "' cannot be read: permission denied.");
        }
    }

    /** The names of what is in a folder, sorted; hidden ones left out. */
    static List<String> names(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(p -> p.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new InteropException("The folder '" + folder + "' cannot be read: " + FileReason.of(e) + ".", e);
        }
    }

    /** The file of that name, or else of that name with {@code .gz}. */
    static Path find(Path folder, String name) {
        Path plain = folder.resolve(name);
        Path packed = folder.resolve(name + PACKED);
        if (Files.isRegularFile(plain)) {
            return plain;
        }
        if (Files.isRegularFile(packed)) {
            return packed;
        }
        throw new InteropException("'" + folder + "' has no file '" + name + "' or '" + name + PACKED + "'.");
    }

    /** All bytes of a file, unpacked if its name ends in {@code .gz}. */
    static byte[] read(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return file.toString().endsWith(PACKED) ? Gzip.unpack(bytes, file) : bytes;
        } catch (IOException e) {
            throw new InteropException("'" + file + "' cannot be read: " + FileReason.of(e) + ".", e);
        } catch (OutOfMemoryError e) {
            throw new InteropException(
                    "'" + file
                            + "' does not fit into memory; give Java more (-Xmx), or check that it is the right file.",
                    e);
        }
    }
}
