package org.quotient.geometry.paths;

import java.util.Arrays;

/** A growing array of ints. */
final class IntList {
    private int[] data = new int[16];
    private int size;

    void add(int value) {
        if (size == data.length) {
            data = Arrays.copyOf(data, (int) Math.min(Integer.MAX_VALUE - 8, size * 3L / 2));
        }
        data[size++] = value;
    }

    int get(int i) {
        return data[i];
    }

    int last() {
        return data[size - 1];
    }

    int size() {
        return size;
    }

    void truncate(int length) {
        size = length;
    }
}
