package org.quotient.autodiff.data;

import java.util.HashSet;
import java.util.List;
import org.quotient.autodiff.Shape;

/**
 * The classes of samples: one label a sample, or one a pixel. Labels are whole numbers from 0 to K − 1. Where some pixels
 * belong to no class ("void"), they carry the number K: one-hot over K classes maps it to zeros, so that it drops out of a
 * cross-entropy by itself; scores have to leave it out.
 *
 * @param values row-major, sample after sample; taken over, not copied
 * @param each the shape of one sample's labels: {@link Shape#SCALAR}, or [height, width]
 * @param classNames the K names, in the order of the numbers
 * @param hasVoid whether the number K may occur
 */
public record Labels(int[] values, Shape each, List<String> classNames, boolean hasVoid) {
    /**
     * Checks every label.
     *
     * @throws IllegalArgumentException if there is no class, two have one name, the count of labels is not a multiple of one
     *     sample's, or a label is out of range
     */
    public Labels {
        classNames = List.copyOf(classNames);
        if (classNames.isEmpty() || new HashSet<>(classNames).size() != classNames.size()) {
            throw new IllegalArgumentException(
                    "Labels need the different names of one class or more; given " + classNames);
        }
        if (each.elements() == 0 || values.length % each.elements() != 0) {
            throw new IllegalArgumentException(
                    values.length + " labels cannot be divided into samples of shape " + each);
        }
        int most = classNames.size() - (hasVoid ? 0 : 1);
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0 || values[i] > most) {
                throw new IllegalArgumentException("The label of sample " + i / each.elements() + " is " + values[i]
                        + "; expected a number from 0 to " + most);
            }
        }
    }

    /** One label a sample, without void. */
    public static Labels of(int[] values, List<String> classNames) {
        return new Labels(values, Shape.SCALAR, classNames, false);
    }

    /** How many samples have labels. */
    public int size() {
        return values.length / each.elements();
    }

    /** The number K of classes, void left out. */
    public int classes() {
        return classNames.size();
    }
}
