/** The Jacobian of a network in its parameters, one row for each output of each point: made, ranked and forgotten. */
@NullMarked
package org.quotient.geometry.functional.jacobian;

import org.jspecify.annotations.NullMarked;
