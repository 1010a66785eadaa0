/** Networks: the forward graph with its named parameters, builders, built-in architectures, initialisations. */
@NullMarked
package org.quotient.autodiff.network;

import org.jspecify.annotations.NullMarked;
