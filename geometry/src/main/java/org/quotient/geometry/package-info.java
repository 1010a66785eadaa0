/** The rescaling group of a network, read off its graph: orbits, path lifting, dimension and orbit criteria. */
@NullMarked
package org.quotient.geometry;

import org.jspecify.annotations.NullMarked;
