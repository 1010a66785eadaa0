/** The four experiments of path-conditioned training, at sizes that fit one thread. */
@NullMarked
package org.quotient.experiments.pathcond;

import org.jspecify.annotations.NullMarked;
