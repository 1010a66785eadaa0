/** Convolutional networks, plain and residual, on pictures, by updates that respect rescaling and others. */
@NullMarked
package org.quotient.experiments.cifar;

import org.jspecify.annotations.NullMarked;
