/** The kernels for one number type; see {@link org.quotient.autodiff.kernel}. */
@NullMarked
package org.quotient.autodiff.kernel.f64;

import org.jspecify.annotations.NullMarked;
