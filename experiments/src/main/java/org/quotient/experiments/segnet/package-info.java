/** A class for every pixel: unit norms against gradient descent on a small network with an encoder and a decoder. */
@NullMarked
package org.quotient.experiments.segnet;

import org.jspecify.annotations.NullMarked;
