package org.quotient.interop;

import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.quotient.autodiff.Tensor;

/** NumPy's archive of several arrays, {@code .npz}: a zip file of {@code .npy} files. */
public final class Npz {
    private Npz() {}

    /**
     * Writes arrays, as {@code numpy.savez} does: not compressed, read by {@code numpy.load}. The file appears whole or not at
     * all, and the same arrays give the same bytes.
     *
     * @param arrays by name
     * @param out where to; an existing file is replaced
     * @throws InteropException if the file cannot be written
     */
    public static void write(Map<String, Tensor> arrays, Path out) {
        WholeFile.write(out, stream -> {
            ZipOutputStream zip = new ZipOutputStream(stream);
            zip.setLevel(java.util.zip.Deflater.NO_COMPRESSION);
            for (Map.Entry<String, Tensor> array : arrays.entrySet()) {
                ZipEntry entry = new ZipEntry(array.getKey() + ".npy");
                entry.setTime(0);
                zip.putNextEntry(entry);
                Npy.writeTo(array.getValue(), zip);
                zip.closeEntry();
            }
            zip.finish();
        });
    }
}
