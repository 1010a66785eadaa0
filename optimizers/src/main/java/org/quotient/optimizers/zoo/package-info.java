/** Every published update on the quotient, a short file each, and the list of all by name. */
@NullMarked
package org.quotient.optimizers.zoo;

import org.jspecify.annotations.NullMarked;
