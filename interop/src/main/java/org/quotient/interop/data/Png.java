package org.quotient.interop.data;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.quotient.interop.InteropException;

/**
 * A picture as 8-bit numbers, channel after channel, each row by row. Read without AWT from PNG files (W3C, Portable Network
 * Graphics, second edition, 2003) that are not interlaced; every checksum is tested.
 *
 * @param height in pixels
 * @param width in pixels
 * @param channels 3 (red, green, blue) or 1
 * @param values unsigned, [channels, height, width]
 */
record Png(int height, int width, int channels, byte[] values) {
    private static final long SIGNATURE = 0x89504E470D0A1A0AL;
    private static final int HEADER = 0x49484452;
    private static final int DATA = 0x49444154;
    private static final int END = 0x49454E44;
    private static final int HEADER_LENGTH = 13;
    private static final int CHUNK = 12;
    private static final long MOST_PIXELS = 1L << 26;
    private static final int GREY = 0;
    private static final int COLOUR = 2;
    private static final int PALETTE = 3;

    /** What the first chunk says, and the compressed contents of the others. */
    private record Contents(int width, int height, int depth, int type, byte[] packed) {}

    /**
     * Reads a PNG file.
     *
     * @param channels how many are expected: 3 of 8 bits, or 1 of at most 8, the number in the palette if there is one
     * @throws InteropException if it is damaged or of another kind
     */
    static Png read(Path file, int channels) {
        Contents contents = contents(DataFile.read(file), file);
        int type = contents.type();
        boolean suits = channels == 1
                ? (type == GREY || type == PALETTE) && contents.depth() >= 1 && contents.depth() <= Byte.SIZE
                : type == COLOUR && contents.depth() == Byte.SIZE;
        if (!suits) {
            String found = switch (type) {
                case GREY -> "grey";
                case COLOUR -> "red, green and blue";
                case PALETTE -> "a palette";
                default -> "transparency";
            };
            throw new InteropException("'" + file + "' has " + found + " in " + contents.depth() + " bits; expected "
                    + (channels == 1
                            ? "one channel of at most 8, whose values are the numbers of classes"
                            : "8-bit red, green and blue")
                    + ".");
        }
        int rowLength = Math.ceilDiv(contents.width() * channels * contents.depth(), Byte.SIZE);
        byte[] rows = inflate(contents, rowLength, file);
        for (int r = 0; r < contents.height(); r++) {
            if (!unfilter(rows, r * (rowLength + 1), rowLength, channels, r == 0)) {
                throw damaged(file, "row " + r + " has an unknown filter");
            }
        }
        return unpack(contents, channels, rowLength, rows);
    }

    private static InteropException damaged(Path file, String how) {
        return new InteropException("'" + file + "' is no intact PNG picture: " + how + ".");
    }

    /** Signature, lengths and checksums of all chunks (section 5); nothing after the last. */
    private static Contents contents(byte[] bytes, Path file) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < Long.BYTES || in.getLong() != SIGNATURE) {
            throw damaged(file, "it does not begin like one");
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        int type = 0;
        while (type != END) {
            int length = in.remaining() < CHUNK ? -1 : in.getInt();
            if (length < 0 || length > in.remaining() - Long.BYTES) {
                throw damaged(file, "it ends early");
            }
            CRC32 checksum = new CRC32();
            checksum.update(bytes, in.position(), Integer.BYTES + length);
            boolean first = type == 0;
            type = in.getInt();
            if (first && (type != HEADER || length != HEADER_LENGTH)) {
                throw damaged(file, "it does not begin with a header");
            }
            if (type == DATA) {
                packed.write(bytes, in.position(), length);
            }
            in.position(in.position() + length);
            if (in.getInt() != (int) checksum.getValue()) {
                throw damaged(file, "a checksum does not fit");
            }
        }
        if (in.hasRemaining()) {
            throw damaged(file, in.remaining() + " bytes follow after its end");
        }
        in.position(Long.BYTES + Long.BYTES);
        int width = in.getInt();
        int height = in.getInt();
        if (width < 1 || height < 1 || (long) width * height > MOST_PIXELS) {
            throw damaged(file, "it declares " + width + " by " + height + " pixels");
        }
        Contents contents = new Contents(width, height, in.get(), in.get(), packed.toByteArray());
        in.getShort();
        if (in.get() != 0) {
            throw new InteropException("'" + file + "' is interlaced; save it again without.");
        }
        return contents;
    }

    /** The rows, each after the number of its filter. */
    private static byte[] inflate(Contents contents, int rowLength, Path file) {
        byte[] rows = new byte[Math.multiplyExact(contents.height(), rowLength + 1)];
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(contents.packed());
            int size = 0;
            int count = -1;
            while (size < rows.length && count != 0) {
                count = inflater.inflate(rows, size, rows.length - size);
                size += count;
            }
            boolean more = inflater.inflate(new byte[1]) > 0;
            if (size < rows.length || more || !inflater.finished()) {
                throw damaged(file, "it has " + (size < rows.length ? "fewer" : "more") + " pixels than it declares");
            }
            return rows;
        } catch (DataFormatException e) {
            throw damaged(file, "its compressed data make no sense");
        } finally {
            inflater.end();
        }
    }

    /** Turns differences into values (section 9); whether the filter is one of the five. */
    private static boolean unfilter(byte[] rows, int start, int length, int step, boolean first) {
        int filter = rows[start];
        for (int i = start + 1; i <= start + length; i++) {
            boolean border = i <= start + step;
            int left = border ? 0 : rows[i - step] & 0xFF;
            int above = first ? 0 : rows[i - length - 1] & 0xFF;
            int corner = border || first ? 0 : rows[i - length - 1 - step] & 0xFF;
            rows[i] += (byte)
                    switch (filter) {
                        case 1 -> left;
                        case 2 -> above;
                        case 3 -> (left + above) / 2;
                        case 4 -> paeth(left, above, corner);
                        default -> 0;
                    };
        }
        return filter >= 0 && filter <= 4;
    }

    /** The neighbour nearest to left + above − corner, in this order of preference (section 9.4). */
    private static int paeth(int left, int above, int corner) {
        int toLeft = Math.abs(above - corner);
        int toAbove = Math.abs(left - corner);
        int toCorner = Math.abs(left + above - 2 * corner);
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }

    private static Png unpack(Contents contents, int channels, int rowLength, byte[] rows) {
        int width = contents.width();
        int height = contents.height();
        int depth = contents.depth();
        int mask = (1 << depth) - 1;
        byte[] values = new byte[channels * height * width];
        for (int r = 0; r < height; r++) {
            int start = r * (rowLength + 1) + 1;
            for (int i = 0; i < width * channels; i++) {
                int bit = i * depth;
                int value = rows[start + bit / Byte.SIZE] >> (Byte.SIZE - depth - bit % Byte.SIZE) & mask;
                values[(i % channels * height + r) * width + i / channels] = (byte) value;
            }
        }
        return new Png(height, width, channels, values);
    }
}
