/**
 * Conservation laws of rescaling: the charges that gradient flow keeps, their exact change under discrete steps as a test of
 * back-propagation that needs no finite differences, and gradient flow itself.
 */
@NullMarked
package org.quotient.optimizers.conservation;

import org.jspecify.annotations.NullMarked;
