package org.quotient.interop.onnx;

import static org.quotient.interop.onnx.Value.BATCH;

import java.util.function.LongBinaryOperator;
import org.quotient.autodiff.Shape;
import org.quotient.interop.onnx.Value.Ints;

/** Arithmetic on the integers of shapes, where the batch size is a positive number that is not known. */
final class IntegerArithmetic {
    static final int MOST = 1 << 20;

    private IntegerArithmetic() {}

    /** The function of an operator on two integers; what depends on the batch size is refused. */
    static Ints binary(Node node, Ints a, Ints b) {
        LongBinaryOperator function = switch (node.operator()) {
            case "Add" -> (x, y) -> y == 0 ? x : x == 0 ? y : known(node, x) + known(node, y);
            case "Sub" -> (x, y) -> x == y ? 0 : y == 0 ? x : known(node, x) - known(node, y);
            case "Mul" -> (x, y) -> x == 0 || y == 0 ? 0 : y == 1 ? x : x == 1 ? y : known(node, x) * known(node, y);
            case "Div" -> (x, y) -> y == 1 ? x : x == y && y != 0 ? 1 : known(node, x) / known(node, y);
            case "Mod" -> (x, y) -> Math.floorMod(known(node, x), known(node, y));
            case "Max" -> (x, y) -> x == y ? x : Math.max(known(node, x), known(node, y));
            case "Min" -> (x, y) -> x == y ? x : Math.min(known(node, x), known(node, y));
            case "Equal" -> (x, y) -> x == y ? 1 : differs(node, x, y) ? 0 : 1;
            case "Greater" -> (x, y) -> known(node, x) > known(node, y) ? 1 : 0;
            case "GreaterOrEqual" -> (x, y) -> known(node, x) >= known(node, y) ? 1 : 0;
            case "Less" -> (x, y) -> known(node, x) < known(node, y) ? 1 : 0;
            case "LessOrEqual" -> (x, y) -> known(node, x) <= known(node, y) ? 1 : 0;
            case "And" -> (x, y) -> x != 0 && y != 0 ? 1 : 0;
            case "Or" -> (x, y) -> x != 0 || y != 0 ? 1 : 0;
            default -> throw node.fail("is not defined here for integers.");
        };
        int[] dims = broadcast(node, a.dims(), b.dims());
        long[] x = expand(node, a, dims).values();
        long[] y = expand(node, b, dims).values();
        long[] out = new long[x.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = function.applyAsLong(x[i], y[i]);
        }
        return new Ints(dims, out);
    }

    private static boolean differs(Node node, long x, long y) {
        boolean negative = (x == BATCH && y < 1) || (y == BATCH && x < 1);
        return negative || known(node, x) != known(node, y);
    }

    /** An integer that must not be the batch size. */
    static long known(Node node, long value) {
        if (value == BATCH) {
            throw node.fail("computes with the batch size in a way that has no fixed result. Export with a fixed batch "
                    + "size, or with reshapes that keep the batch as the leading axis.");
        }
        return value;
    }

    /** The common shape of two by NumPy's rules. */
    static int[] broadcast(Node node, int[] a, int[] b) {
        int rank = Math.max(a.length, b.length);
        int[] out = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int x = i <= a.length ? a[a.length - i] : 1;
            int y = i <= b.length ? b[b.length - i] : 1;
            if (x != y && x != 1 && y != 1) {
                throw node.fail("expects shapes that broadcast together; given " + ProtoTensors.list(a) + " and "
                        + ProtoTensors.list(b) + ".");
            }
            out[rank - i] = x == 1 ? y : x;
        }
        return out;
    }

    /** Integers repeated to a shape that they broadcast to. */
    static Ints expand(Node node, Ints a, int[] dims) {
        long count = 1;
        for (int size : dims) {
            count = Math.multiplyExact(count, size);
        }
        node.within("a number of integers of", count, 0, MOST);
        long[] out = new long[(int) count];
        int[] strides = Shape.of(a.dims()).strides();
        int[] outer = Shape.of(dims).strides();
        int offset = dims.length - a.dims().length;
        for (int i = 0; i < out.length; i++) {
            int from = 0;
            for (int k = 0; k < a.dims().length; k++) {
                int at = outer[k + offset] == 0 ? 0 : i / outer[k + offset] % dims[k + offset];
                from += a.dims()[k] == 1 ? 0 : at * strides[k];
            }
            out[i] = a.values()[from];
        }
        return new Ints(dims, out);
    }
}
