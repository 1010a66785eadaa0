/** Checks of the laws that updates declare. */
@NullMarked
package org.quotient.optimizers.checks;

import org.jspecify.annotations.NullMarked;
