package org.quotient.geometry.functional.pattern;

import java.util.List;
import org.quotient.autodiff.Shape;

/** Elements by what is left of their index when axes are removed. */
final class Groups {
    private Groups() {}

    /** For each element, row-major, the row-major index of its group. */
    static int[] of(Shape shape, List<Integer> axes) {
        int[] sizes = shape.sizes();
        int[] step = new int[sizes.length];
        int stride = 1;
        for (int i = sizes.length - 1; i >= 0; i--) {
            if (!axes.contains(i)) {
                step[i] = stride;
                stride *= sizes[i];
            }
        }
        int[] group = new int[shape.elements()];
        int[] index = new int[sizes.length];
        int at = 0;
        for (int i = 0; i < group.length; i++) {
            group[i] = at;
            for (int axis = sizes.length - 1; axis >= 0; axis--) {
                at += step[axis];
                if (++index[axis] < sizes[axis]) {
                    break;
                }
                at -= step[axis] * sizes[axis];
                index[axis] = 0;
            }
        }
        return group;
    }
}
