package org.quotient.autodiff.data;

import java.nio.ByteBuffer;
import java.util.zip.Checksum;

/**
 * Many numbers, kept small: a data set of pictures takes one byte a pixel, others four bytes a number. The array given is
 * taken over, not copied, and must not be written to afterwards.
 */
public sealed interface Storage {
    /** How many numbers there are. */
    int size();

    /**
     * Copies consecutive numbers.
     *
     * @param from the first one
     * @param count how many
     * @param to where to
     * @param at the index in {@code to} of the first
     * @throws IndexOutOfBoundsException if either array is too short
     */
    void copy(int from, int count, double[] to, int at);

    /** As many zeros, stored alike. */
    Storage empty(int count);

    /**
     * Copies consecutive numbers of another storage of the same kind into this one, while it is being made.
     *
     * @param other where from
     * @param from the first one there
     * @param count how many
     * @param at where the first one goes
     */
    void put(Storage other, int from, int count, int at);

    /** Adds consecutive numbers, as they are stored, to a checksum. */
    void addTo(Checksum sum, int from, int count);

    /**
     * Bytes that stand for the numbers 0/255, 1/255, ..., 255/255.
     *
     * @param values unsigned
     */
    record Bytes(byte[] values) implements Storage {
        private static final double LARGEST = 255;

        @Override
        public int size() {
            return values.length;
        }

        @Override
        public void copy(int from, int count, double[] to, int at) {
            for (int i = 0; i < count; i++) {
                to[at + i] = (values[from + i] & 0xFF) / LARGEST;
            }
        }

        @Override
        public Storage empty(int count) {
            return new Bytes(new byte[count]);
        }

        @Override
        public void put(Storage other, int from, int count, int at) {
            System.arraycopy(((Bytes) other).values, from, values, at, count);
        }

        @Override
        public void addTo(Checksum sum, int from, int count) {
            sum.update(values, from, count);
        }

        /** As {@link #copy}, each byte b replaced by entry {@code start + b} of a table. */
        void copy(int from, int count, double[] table, int start, double[] to, int at) {
            for (int i = 0; i < count; i++) {
                to[at + i] = table[start + (values[from + i] & 0xFF)];
            }
        }
    }

    /**
     * Single-precision numbers.
     *
     * @param values as they are
     */
    record Floats(float[] values) implements Storage {
        @Override
        public int size() {
            return values.length;
        }

        @Override
        public void copy(int from, int count, double[] to, int at) {
            for (int i = 0; i < count; i++) {
                to[at + i] = values[from + i];
            }
        }

        @Override
        public Storage empty(int count) {
            return new Floats(new float[count]);
        }

        @Override
        public void put(Storage other, int from, int count, int at) {
            System.arraycopy(((Floats) other).values, from, values, at, count);
        }

        @Override
        public void addTo(Checksum sum, int from, int count) {
            ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES);
            bytes.asFloatBuffer().put(values, from, count);
            sum.update(bytes);
        }
    }
}
