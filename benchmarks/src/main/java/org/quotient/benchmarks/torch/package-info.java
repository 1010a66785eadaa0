/** Networks as programs for libtorch: what a peer runs is written from our own graph, so that nothing can differ. */
@NullMarked
package org.quotient.benchmarks.torch;

import org.jspecify.annotations.NullMarked;
