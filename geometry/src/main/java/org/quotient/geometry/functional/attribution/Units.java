package org.quotient.geometry.functional.attribution;

import java.util.ArrayList;
import java.util.List;
import org.quotient.autodiff.Shape;
import org.quotient.geometry.functional.pattern.Kink;
import org.quotient.geometry.functional.pattern.MaskedNetwork;

/**
 * The units of a network: for each decision by sign, the indices of its channel axis (axis 1 of vectors and images, the last one of
 * token sequences) with all their positions; for each choice of a largest, the choice as a whole.
 */
final class Units {
    private Units() {}

    /**
     * A unit.
     *
     * @param kink which decision
     * @param index which channel, −1 for a choice
     * @param where for reports
     */
    record Unit(int kink, int index, String where) {}

    static List<Unit> of(MaskedNetwork masked) {
        List<Unit> units = new ArrayList<>();
        for (int k = 0; k < masked.kinks().size(); k++) {
            Kink kink = masked.kinks().get(k);
            if (!kink.perSample()) {
                continue;
            }
            if (!kink.isSign()) {
                units.add(new Unit(k, -1, kink.where()));
                continue;
            }
            int channels = channels(kink);
            for (int c = 0; c < channels; c++) {
                units.add(new Unit(k, c, kink.where() + "[" + c + "]"));
            }
        }
        return units;
    }

    private static int channelAxis(Shape shape) {
        return shape.rank() == 3 ? 2 : 1;
    }

    static int channels(Kink kink) {
        Shape shape = kink.mask().shape();
        return shape.rank() == 1 ? 1 : shape.size(channelAxis(shape));
    }

    /** For each element of one sample of a decision by sign, its channel. */
    static int[] channelOf(Kink kink) {
        Shape shape = kink.mask().shape().bind(1);
        int[] channel = new int[shape.elements()];
        if (shape.rank() == 1) {
            return channel;
        }
        int axis = channelAxis(shape);
        int inner = 1;
        for (int i = axis + 1; i < shape.rank(); i++) {
            inner *= shape.size(i);
        }
        for (int i = 0; i < channel.length; i++) {
            channel[i] = i / inner % shape.size(axis);
        }
        return channel;
    }
}
