/** Updates on the quotient by positive rescaling, as compositions of small values. */
@NullMarked
package org.quotient.optimizers;

import org.jspecify.annotations.NullMarked;
