/** Certified intervals of the functional dimension on networks of real sizes, and what singular values cost beside them. */
@NullMarked
package org.quotient.experiments.size;

import org.jspecify.annotations.NullMarked;
