/** The comparison with peers: what is compared, how it is timed, and how it is told. */
@NullMarked
package org.quotient.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
