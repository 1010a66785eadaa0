/**
 * The scalar path graph of a network and the exact rank of its path vectors: the independent lower bound of the dimension
 * certificate. Everything here follows from the definition of a path, element by element; nothing is shared with the
 * inference of the rescaling group.
 */
@NullMarked
package org.quotient.geometry.paths;

import org.jspecify.annotations.NullMarked;
