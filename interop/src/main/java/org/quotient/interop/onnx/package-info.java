/**
 * ONNX in and out: {@link org.quotient.interop.onnx.OnnxReader} turns a file into a network at a point,
 * {@link org.quotient.interop.onnx.OnnxWriter} writes new numbers into a file as read, and
 * {@link org.quotient.interop.onnx.OnnxExport} writes any network.
 */
@NullMarked
package org.quotient.interop.onnx;

import org.jspecify.annotations.NullMarked;
