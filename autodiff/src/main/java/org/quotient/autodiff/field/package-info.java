/**
 * Dense linear algebra modulo a prime below 2^22: products, ranks, echelon forms, null spaces and linear systems. Residues are
 * whole doubles from 0 to p − 1 in row-major arrays; products run through the kernels of double precision, in chunks of inner
 * terms that keep every sum exact (Dumas, Giorgi &amp; Pernet 2008, Dense linear algebra over word-size prime fields).
 */
@NullMarked
package org.quotient.autodiff.field;

import org.jspecify.annotations.NullMarked;
