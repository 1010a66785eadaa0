/** From a network, a loss and an update to steps of training. */
@NullMarked
package org.quotient.optimizers.training;

import org.jspecify.annotations.NullMarked;
