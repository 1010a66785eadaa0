/** Upper bounds of the rank of a Jacobian: the rescaling group, and the identities between columns that hold for the polynomial. */
@NullMarked
package org.quotient.geometry.functional.bounds;

import org.jspecify.annotations.NullMarked;
