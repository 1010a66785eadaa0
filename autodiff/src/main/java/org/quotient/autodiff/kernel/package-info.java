/**
 * What a compiled program is made of: kernels over plain arrays that know no expressions. Those in {@code f64} are written by
 * hand; their single-precision twins in {@code f32} are generated from the same source when the project is built.
 */
@NullMarked
package org.quotient.autodiff.kernel;

import org.jspecify.annotations.NullMarked;
