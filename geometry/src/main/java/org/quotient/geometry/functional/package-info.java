/**
 * Functional dimension (Grigsby, Lindsey, Meyerhoff and Wu 2022): the rank of the derivative of a network's function in its
 * parameters, bounded from below by exact ranks over prime fields and from above by the rescaling group and exact identities.
 */
@NullMarked
package org.quotient.geometry.functional;

import org.jspecify.annotations.NullMarked;
