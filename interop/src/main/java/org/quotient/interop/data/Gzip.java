package org.quotient.interop.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.quotient.interop.InteropException;

/**
 * The gzip format (RFC 1952, Deutsch 1996), whole files in memory. The JDK's stream ignores what follows the last member and
 * takes a file that ends early for one that was read too far; here each is an error that says so.
 */
final class Gzip {
    private static final int HEADER = 10;
    private static final int TRAILER = 8;
    private static final int HEADER_CHECKSUM = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    /** A promise beyond this many bytes for one is not believed at once: a damaged trailer must not take all memory. */
    private static final long BELIEVED_RATIO = 16;

    private final byte[] packed;
    private final Path file;
    private int at;
    private byte[] unpacked = new byte[0];
    private int size;

    private Gzip(byte[] packed, Path file) {
        this.packed = packed;
        this.file = file;
    }

    /**
     * Unpacks.
     *
     * @param packed the whole file
     * @param file its name, for messages
     * @throws InteropException if it is no gzip file, damaged, incomplete or followed by something else
     */
    static byte[] unpack(byte[] packed, Path file) {
        Gzip gzip = new Gzip(packed, file);
        do {
            gzip.header();
            gzip.member();
        } while (gzip.at < packed.length);
        return gzip.size == gzip.unpacked.length ? gzip.unpacked : Arrays.copyOf(gzip.unpacked, gzip.size);
    }

    private InteropException damaged(String how) {
        return new InteropException("'" + file + "' is not an intact gzip file: " + how + ". Get it again.");
    }

    private int next() {
        if (at >= packed.length) {
            throw damaged("it ends early, after " + packed.length + " bytes");
        }
        return packed[at++] & 0xFF;
    }

    private void header() {
        boolean first = at == 0;
        int start = at;
        if (packed.length - at < HEADER && first) {
            throw damaged("it has " + packed.length + " bytes only");
        }
        if (next() != 0x1F || next() != 0x8B || next() != 8) {
            throw damaged(
                    first
                            ? "it does not begin like one"
                            : packed.length - start + " bytes follow after its end that do not belong to it");
        }
        int flags = next();
        at += HEADER - 4;
        if ((flags & EXTRA) != 0) {
            int length = next();
            at += length | next() << 8;
        }
        skipText(flags & NAME);
        skipText(flags & COMMENT);
        at += (flags & HEADER_CHECKSUM) != 0 ? 2 : 0;
    }

    private void skipText(int flag) {
        if (flag != 0) {
            int character = next();
            while (character != 0) {
                character = next();
            }
        }
    }

    private void member() {
        if (packed.length - at < TRAILER) {
            throw damaged("it ends early, after " + packed.length + " bytes");
        }
        int start = size;
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(packed, at, packed.length - at);
            grow(hint());
            while (!inflater.finished()) {
                if (size == unpacked.length) {
                    grow(Math.max(1 << 16, size));
                }
                int count = inflater.inflate(unpacked, size, unpacked.length - size);
                size += count;
                if (count == 0 && !inflater.finished() && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw damaged("it ends early, after " + packed.length + " bytes");
                }
            }
            at = packed.length - inflater.getRemaining();
        } catch (DataFormatException e) {
            throw damaged("its compressed data make no sense after " + size + " bytes");
        } finally {
            inflater.end();
        }
        CRC32 checksum = new CRC32();
        checksum.update(unpacked, start, size - start);
        if (word() != (int) checksum.getValue() || word() != size - start) {
            throw damaged("its checksum is not that of its contents");
        }
    }

    /** The size that the trailer of the last member promises, as far as it is likely. */
    private int hint() {
        long promised = 0;
        for (int i = 1; i <= 4; i++) {
            promised = promised << 8 | packed[packed.length - i] & 0xFF;
        }
        return (int) Math.clamp(
                promised, 1L, Math.max(1, Math.min(Integer.MAX_VALUE - size - 8L, BELIEVED_RATIO * packed.length)));
    }

    private void grow(int by) {
        long wanted = (long) size + by;
        unpacked = Arrays.copyOf(unpacked, (int) Math.min(Integer.MAX_VALUE - 8, wanted));
        if (unpacked.length == size) {
            throw new InteropException("'" + file + "' unpacks to more than 2 GB; expected the file of a data set.");
        }
    }

    /** A little-endian number. */
    private int word() {
        return next() | next() << 8 | next() << 16 | next() << 24;
    }
}
