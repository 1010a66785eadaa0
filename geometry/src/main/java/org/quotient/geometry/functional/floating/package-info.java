/** Ranks of Jacobians in floating point. */
@NullMarked
package org.quotient.geometry.functional.floating;

import org.jspecify.annotations.NullMarked;
