package org.quotient.interop.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;

/** Writes small files of the formats. */
final class SmallFiles {
    private SmallFiles() {}

    static void write(Path file, byte[] bytes) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, String text) {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** The first n bytes. */
    static byte[] cut(byte[] bytes, int n) {
        return Arrays.copyOf(bytes, n);
    }

    /** IDX images whose byte i is i modulo 256. */
    static byte[] images(int count, int rows, int columns) {
        byte[] pixels = new byte[count * rows * columns];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) i;
        }
        ByteBuffer header = ByteBuffer.allocate(16);
        header.putInt(2051).putInt(count).putInt(rows).putInt(columns);
        return joined(header.array(), pixels);
    }

    static byte[] labels(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 + values.length);
        bytes.putInt(2049).putInt(values.length);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.array();
    }

    /** Records of CIFAR-10, pixel j of record i being i + j modulo 256. */
    static byte[] records(int... labels) {
        byte[] bytes = new byte[labels.length * 3073];
        for (int i = 0; i < labels.length; i++) {
            bytes[i * 3073] = (byte) labels[i];
            for (int j = 0; j < 3072; j++) {
                bytes[i * 3073 + 1 + j] = (byte) (i + j);
            }
        }
        return bytes;
    }

    private static byte[] png(BufferedImage image) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** A colour picture whose pixels are 0xRRGGBB, row by row. */
    static byte[] colours(int width, int... pixels) {
        BufferedImage image = new BufferedImage(width, pixels.length / width, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < pixels.length; i++) {
            image.setRGB(i % width, i / width, pixels[i]);
        }
        return png(image);
    }

    /** A grey picture of these numbers, row by row. */
    static byte[] greys(int width, int... pixels) {
        BufferedImage image = new BufferedImage(width, pixels.length / width, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setPixels(0, 0, width, pixels.length / width, pixels);
        return png(image);
    }
}
