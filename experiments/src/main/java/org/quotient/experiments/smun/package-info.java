/** SM and UN with and without batch normalisation. */
@NullMarked
package org.quotient.experiments.smun;

import org.jspecify.annotations.NullMarked;
