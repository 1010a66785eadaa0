package org.quotient.autodiff.kernel.f64;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Step;

/** The window operations. */
final class Pools {
    private Pools() {}

    static List<Step> steps(Op.Pool op, int planes, Place xPlace, @Nullable Place second, Place out) {
        Window w = op.window();
        int oh = w.outputHeight(op.height());
        int ow = w.outputWidth(op.width());
        int image = op.height() * op.width();
        double[] x = F64Kernels.array(xPlace);
        double[] t = second == null ? x : F64Kernels.array(second);
        int to = second == null ? 0 : second.offset();
        double[] z = F64Kernels.array(out);
        boolean onImage = op.kind() == Op.PoolKind.SUM_ADJOINT || op.kind() == Op.PoolKind.MAX_SCATTER;
        int size = planes * (onImage ? image : oh * ow);
        Whole all = () -> {
            Arrays.fill(z, out.offset(), out.offset() + size, 0);
            for (int place = 0; place < planes * oh * ow; place++) {
                int base = place / (oh * ow) * image;
                int best = -1;
                for (int i = 0; i < w.kernelHeight(); i++) {
                    for (int j = 0; j < w.kernelWidth(); j++) {
                        int row = w.inputRow(place / ow % oh, i);
                        int column = w.inputColumn(place % ow, j);
                        if (row < 0 || row >= op.height() || column < 0 || column >= op.width()) {
                            continue;
                        }
                        int pixel = base + row * op.width() + column;
                        switch (op.kind()) {
                            case SUM -> z[out.offset() + place] += x[xPlace.offset() + pixel];
                            case SUM_ADJOINT -> z[out.offset() + pixel] += x[xPlace.offset() + place];
                            case MAX, MAX_SELECT, MAX_SCATTER -> {
                                double candidate = x[xPlace.offset() + pixel];
                                if (best < 0 || Reductions.beats(candidate, x[xPlace.offset() + best])) {
                                    best = pixel;
                                }
                            }
                        }
                    }
                }
                switch (op.kind()) {
                    case SUM, SUM_ADJOINT -> {}
                    case MAX ->
                        z[out.offset() + place] = best < 0 ? Double.NEGATIVE_INFINITY : x[xPlace.offset() + best];
                    case MAX_SELECT -> z[out.offset() + place] = best < 0 ? 0 : t[to + best];
                    case MAX_SCATTER -> {
                        if (best >= 0) {
                            z[out.offset() + best] += t[to + place];
                        }
                    }
                }
            }
        };
        return List.of(all);
    }
}
