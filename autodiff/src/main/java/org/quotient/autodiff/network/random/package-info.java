/** Random small networks for properties that must hold for every network. */
@NullMarked
package org.quotient.autodiff.network.random;

import org.jspecify.annotations.NullMarked;
