package org.quotient.interop.data;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.quotient.interop.InteropException;

/**
 * A picture as 8-bit numbers, channel after channel, each row by row.
 *
 * @param height in pixels
 * @param width in pixels
 * @param channels 3 (red, green, blue) or 1
 * @param values unsigned, [channels, height, width]
 */
record Png(int height, int width, int channels, byte[] values) {
    private static final long SIGNATURE = 0x89504E470D0A1A0AL;
    private static final int END = 0x49454E44;
    private static final int CHUNK = 12;
    private static final long MOST_PIXELS = 1L << 26;

    /**
     * Reads a PNG file, its checksums included.
     *
     * @param channels how many are expected
     * @throws InteropException if it is damaged or of another kind
     */
    static Png read(Path file, int channels) {
        byte[] bytes = DataFile.read(file);
        checkChunks(bytes, file);
        ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
        // Read from memory: ImageIO's own stream would write a copy to disk.
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(stream, true, true);
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            if ((long) width * height > MOST_PIXELS) {
                throw new InteropException("'" + file + "' has " + width + " by " + height
                        + " pixels, too many for a data set's picture.");
            }
            return of(reader.read(0).getRaster(), channels, file);
        } catch (InteropException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The JDK's decoder answers nonsense within intact chunks by exceptions of many kinds.
            throw new InteropException("'" + file + "' is not an intact PNG picture: " + e.getMessage() + ".", e);
        } finally {
            reader.dispose();
        }
    }

    private static Png of(Raster raster, int channels, Path file) {
        if (raster.getNumBands() != channels || raster.getSampleModel().getSampleSize(0) > Byte.SIZE) {
            throw new InteropException("'" + file + "' has " + raster.getNumBands() + " channels of "
                    + raster.getSampleModel().getSampleSize(0) + " bits; expected "
                    + (channels == 1
                            ? "one of 8, whose values are the numbers of classes"
                            : "8-bit red, green and blue")
                    + ".");
        }
        int height = raster.getHeight();
        int width = raster.getWidth();
        byte[] values = new byte[channels * height * width];
        int[] band = new int[height * width];
        for (int c = 0; c < channels; c++) {
            raster.getSamples(0, 0, width, height, c, band);
            for (int i = 0; i < band.length; i++) {
                values[c * band.length + i] = (byte) band[i];
            }
        }
        return new Png(height, width, channels, values);
    }

    /** Signature, lengths and checksums of all chunks (PNG specification, section 5); nothing after the last. */
    private static void checkChunks(byte[] bytes, Path file) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < Long.BYTES || in.getLong() != SIGNATURE) {
            throw new InteropException("'" + file + "' is not a PNG picture: it does not begin like one.");
        }
        int type = 0;
        while (type != END) {
            int length = in.remaining() < CHUNK ? -1 : in.getInt();
            if (length < 0 || length > in.remaining() - Long.BYTES) {
                throw new InteropException("'" + file + "' is incomplete: it ends within its picture.");
            }
            CRC32 checksum = new CRC32();
            checksum.update(bytes, in.position(), Integer.BYTES + length);
            type = in.getInt();
            in.position(in.position() + length);
            if (in.getInt() != (int) checksum.getValue()) {
                throw new InteropException("'" + file + "' is damaged: a checksum does not fit.");
            }
        }
        if (in.hasRemaining()) {
            throw new InteropException(
                    "'" + file + "' is damaged: " + in.remaining() + " bytes follow after the end of its picture.");
        }
    }
}
