/** Path conditioning against PyTorch: processor time of finding and applying the representative. */
@NullMarked
package org.quotient.benchmarks.rescale;

import org.jspecify.annotations.NullMarked;
