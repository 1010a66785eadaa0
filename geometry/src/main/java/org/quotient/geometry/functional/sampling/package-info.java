/** Where the points of a Jacobian come from: drawn, along lines, inside regions. */
@NullMarked
package org.quotient.geometry.functional.sampling;

import org.jspecify.annotations.NullMarked;
