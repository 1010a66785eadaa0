package org.quotient.interop.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotient.interop.InteropException;

@DisplayName("PNG pictures")
class PngTest {
    private static final int WIDTH = 13;
    private static final int HEIGHT = 40;

    @TempDir
    private Path folder;

    private static byte[] chunk(String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 checksum = new CRC32();
        checksum.update(name);
        checksum.update(data);
        return ByteBuffer.allocate(12 + data.length)
                .putInt(data.length)
                .put(name)
                .put(data)
                .putInt((int) checksum.getValue())
                .array();
    }

    private static byte[] header(int width, int height, int depth, int type, int interlace) {
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        return header.put((byte) depth)
                .put((byte) type)
                .put(new byte[] {0, 0, (byte) interlace})
                .array();
    }

    private static byte[] png(byte[] header, byte[] rows) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflate = new DeflaterOutputStream(packed)) {
            deflate.write(rows);
        }
        byte[] data = packed.toByteArray();
        int half = data.length / 2;
        byte[] second = java.util.Arrays.copyOfRange(data, half, data.length);
        return SmallFiles.joined(
                new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10},
                chunk("IHDR", header),
                chunk("PLTE", new byte[3 * (1 << Math.min(8, header[8]))]),
                chunk("IDAT", SmallFiles.cut(data, half)),
                chunk("IDAT", second),
                chunk("IEND", new byte[0]));
    }

    /** Rows of random differences under random filters. */
    private static byte[] rows(int rowLength) {
        Random random = new Random(5);
        byte[] rows = new byte[HEIGHT * (rowLength + 1)];
        random.nextBytes(rows);
        for (int r = 0; r < HEIGHT; r++) {
            rows[r * (rowLength + 1)] = (byte) (r % 7 == 0 ? random.nextInt(5) : r % 5);
        }
        return rows;
    }

    private Path file(byte[] bytes) {
        Path file = folder.resolve("a.png");
        SmallFiles.write(file, bytes);
        return file;
    }

    @ParameterizedTest(name = "type {0}, {1} bits")
    @CsvSource({"2, 8, 3", "3, 8, 1", "3, 4, 1", "3, 2, 1", "3, 1, 1"})
    @DisplayName("all five filters give the values that the JDK reads")
    void filters(int type, int depth, int channels) throws IOException {
        byte[] bytes = png(header(WIDTH, HEIGHT, depth, type, 0), rows(Math.ceilDiv(WIDTH * channels * depth, 8)));
        Png ours = Png.read(file(bytes), channels);
        Raster raster = ImageIO.read(new ByteArrayInputStream(bytes)).getRaster();
        assertThat(ours.width()).isEqualTo(WIDTH);
        assertThat(ours.height()).isEqualTo(HEIGHT);
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < WIDTH * HEIGHT; i++) {
                assertThat(Byte.toUnsignedInt(ours.values()[c * WIDTH * HEIGHT + i]))
                        .isEqualTo(raster.getSample(i % WIDTH, i / WIDTH, c));
            }
        }
    }

    private void refused(byte[] header, byte[] rows, String words) throws IOException {
        Path file = file(png(header, rows));
        assertThatThrownBy(() -> Png.read(file, 1))
                .isInstanceOf(InteropException.class)
                .hasMessageContaining("a.png")
                .hasMessageContaining(words);
    }

    @Test
    @DisplayName("what intact chunks may still have wrong is said")
    void wrong() throws IOException {
        byte[] rows = rows(WIDTH);
        refused(header(WIDTH, HEIGHT, 8, 3, 1), rows, "interlaced");
        refused(header(WIDTH, HEIGHT + 1, 8, 3, 0), rows, "fewer pixels");
        refused(header(WIDTH, HEIGHT - 1, 8, 3, 0), rows, "more pixels");
        refused(header(0, HEIGHT, 8, 3, 0), rows, "0 by 40");
        refused(header(Integer.MAX_VALUE, Integer.MAX_VALUE, 8, 3, 0), rows, "2147483647 by");
        refused(header(WIDTH, HEIGHT, 16, 0, 0), rows, "grey in 16 bits");
        refused(header(WIDTH, HEIGHT, 8, 6, 0), rows, "transparency");
        rows[WIDTH + 1] = 5;
        refused(header(WIDTH, HEIGHT, 8, 3, 0), rows, "row 1 has an unknown filter");
    }
}
