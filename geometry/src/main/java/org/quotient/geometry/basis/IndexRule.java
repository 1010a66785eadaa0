package org.quotient.geometry.basis;

import java.util.Arrays;

/**
 * The published index rule within one parameter: how far an element is from the one that unit j should choose, which leads to
 * unit j mod n on the other side, in the middle of the kernel or of the channel's positions.
 */
final class IndexRule {
    private final int[] sizes;
    private final int[] near;
    private final int[] far;
    private final int ground;
    /** The number of a class among those on the near and on the far side, in the order of their first elements. */
    private final int[] nearNumber;

    private final int[] farNumber;
    private final int farCount;
    private final int axis;
    /** Where an element stands among those between the same two classes, and how many these are, for matrices. */
    private final int[] place;

    private final int[] count;
    private int nearCount;

    IndexRule(ClassGraph graph, int parameter, boolean forward) {
        sizes = graph.parameters().get(parameter).shape().sizes();
        Ends nearEnds = forward ? graph.heads(parameter) : graph.tails(parameter);
        near = nearEnds.expand();
        far = (forward ? graph.tails(parameter) : graph.heads(parameter)).expand();
        ground = graph.ground();
        nearNumber = new int[ground + 1];
        farNumber = new int[ground + 1];
        nearCount = number(near, nearNumber);
        farCount = number(far, farNumber);
        axis = otherAxis(nearEnds);
        place = new int[sizes.length == 2 ? near.length : 0];
        count = new int[sizes.length == 2 ? Math.multiplyExact(nearCount + 1, groups() + 1) : 0];
        for (int i = 0; i < place.length; i++) {
            place[i] = count[pair(i)]++;
        }
    }

    private int number(int[] classes, int[] number) {
        Arrays.fill(number, -1);
        int next = 0;
        for (int c : classes) {
            if (c != ground && number[c] < 0) {
                number[c] = next++;
            }
        }
        return next;
    }

    /** The axis of the units on the far side where these are inputs or outputs: the first or second, whichever is not the near one. */
    private int otherAxis(Ends nearEnds) {
        int found = -1;
        for (int a = Math.min(2, sizes.length) - 1; a >= 0; a--) {
            if (!nearEnds.variesAlong(a) && (found < 0 || sizes[found] == 1)) {
                found = a;
            }
        }
        return found;
    }

    private int groups() {
        return Math.max(farCount, axis < 0 ? 1 : sizes[axis]);
    }

    private int index(int element, int along) {
        int step = 1;
        for (int a = along + 1; a < sizes.length; a++) {
            step *= sizes[a];
        }
        return element / step % sizes[along];
    }

    private int group(int element) {
        return far[element] != ground ? farNumber[far[element]] : axis < 0 ? 0 : index(element, axis);
    }

    private int pair(int element) {
        int number = near[element] == ground ? nearCount : nearNumber[near[element]];
        return number * (groups() + 1) + group(element);
    }

    /** The distance of an element (within the parameter, row-major) from the rule's choice for its near class; 0 is that choice. */
    long distance(int element) {
        int modulus = far[element] != ground ? farCount : axis < 0 ? 1 : sizes[axis];
        int wanted = nearNumber[near[element]] % modulus;
        long around = Math.floorMod(group(element) - wanted, modulus);
        long middle = 0;
        for (int a = 2; a < sizes.length; a++) {
            middle += Math.abs(index(element, a) - sizes[a] / 2);
        }
        if (sizes.length == 2) {
            middle = Math.abs(place[element] - count[pair(element)] / 2);
        }
        return around << 32 | middle;
    }
}
