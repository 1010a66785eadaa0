/** Functional dimension: at initialisation, along training, by architecture, and conservation laws. */
@NullMarked
package org.quotient.experiments.dimension;

import org.jspecify.annotations.NullMarked;
