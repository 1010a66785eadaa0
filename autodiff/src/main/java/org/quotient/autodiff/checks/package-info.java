/**
 * Numerical checks of derivatives, shipped as API: whoever adds an operation, a loss or a criterion asks them whether both
 * modes agree with each other and with the function, to any order.
 */
@NullMarked
package org.quotient.autodiff.checks;

import org.jspecify.annotations.NullMarked;
