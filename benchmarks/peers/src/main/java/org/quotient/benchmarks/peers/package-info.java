/** libtorch through DJL. A module of its own, so that nothing else depends on it. */
@NullMarked
package org.quotient.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
