/** The outside world: ONNX, npy and data files, read into networks and datasets. */
@NullMarked
package org.quotient.interop;

import org.jspecify.annotations.NullMarked;
