/** Invariant and other updates from balanced and unbalanced starts. */
@NullMarked
package org.quotient.experiments.balanced;

import org.jspecify.annotations.NullMarked;
