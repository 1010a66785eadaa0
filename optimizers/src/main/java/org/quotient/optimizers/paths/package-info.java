/** What path metrics are made of: the squared network as a part of the step, energies of parameters, gradients of each sample. */
@NullMarked
package org.quotient.optimizers.paths;

import org.jspecify.annotations.NullMarked;
