/** Two moons: does rescaling once at the start help gradient descent, when every method may choose its learning rate? */
@NullMarked
package org.quotient.experiments.moons;

import org.jspecify.annotations.NullMarked;
