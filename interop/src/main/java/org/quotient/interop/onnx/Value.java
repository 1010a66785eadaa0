package org.quotient.interop.onnx;

import org.quotient.autodiff.Expr;
import org.quotient.interop.InteropException;

/** What a name of an ONNX graph stands for while the graph is read. */
sealed interface Value {

    /** The batch size as an integer: a number that no file needs, kept through the arithmetic of shapes. */
    long BATCH = 0x4E5F42415443485FL;

    /** Floating-point values: the nodes of our graph. */
    record Real(Expr expr) implements Value {}

    /** Integers whose values do not depend on the data, row-major; {@link #BATCH} may be among them. */
    record Ints(int[] dims, long[] values) implements Value {
        static Ints vector(long... values) {
            return new Ints(new int[] {values.length}, values);
        }

        static Ints scalar(long value) {
            return new Ints(new int[0], new long[] {value});
        }

        boolean hasBatch() {
            for (long value : values) {
                if (value == BATCH) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Integers that are data, such as token numbers, as whole numbers of the network's dtype. */
    record Ids(Expr expr) implements Value {}

    /** An initialiser that no operator has looked into yet: its use decides whether it is trained. */
    record Stored(String initialiser) implements Value {}

    /** An output that this reader does not compute; asking for it is the error. */
    record Missing(String why) implements Value {
        InteropException refused() {
            return new InteropException(why);
        }
    }
}
