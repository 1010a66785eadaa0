package org.quotient.benchmarks.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript archive, as {@code torch.jit.load} reads it: an uncompressed zip file with the source of a class, a pickle
 * of its only object, and a version. The same bytes run in every libtorch since 1.4.
 */
public final class TorchArchive {
    /** Pickle protocol 2: an object of the class with the one attribute training = True. */
    private static final String OBJECT =
            "\u0080\u0002c__torch__\nProgram\nq\0)\u0081}(X\b\0\0\0trainingq\u0001\u0088ubq\u0002.";

    /** Pickle protocol 2: the empty tuple. */
    private static final String NO_CONSTANTS = "\u0080\u0002).";

    private TorchArchive() {}

    /** The archive of a program. */
    public static byte[] of(TorchProgram program) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            put(zip, "data.pkl", OBJECT.getBytes(StandardCharsets.ISO_8859_1));
            put(zip, "code/__torch__.py", program.source().getBytes(StandardCharsets.UTF_8));
            put(zip, "constants.pkl", NO_CONSTANTS.getBytes(StandardCharsets.ISO_8859_1));
            put(zip, "version", "3\n".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry("program/" + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
