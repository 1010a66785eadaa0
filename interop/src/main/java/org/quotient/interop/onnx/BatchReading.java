package org.quotient.interop.onnx;

/** How the leading size of the inputs is read. */
enum BatchReading {
    /** Symbolic, also where the file fixes it. */
    SYMBOLIC,
    /** As the file fixes it; where the file leaves it open, a batch of one. */
    FIXED
}
