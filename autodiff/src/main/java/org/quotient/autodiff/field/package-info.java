/**
 * Dense linear algebra modulo a prime below 2^22: products, ranks, echelon forms, null spaces and linear systems. Residues are
 * whole doubles from 0 to p − 1 in row-major arrays; products run through the kernels of double precision, in chunks of inner
 * terms that keep every sum exact (Dumas, Giorgi &amp; Pernet 2008, Dense linear algebra over word-size prime fields).
 *
 * <p>The rank of an integer matrix modulo p is at most that over the rational numbers: a certified lower bound. It falls short
 * if p divides all nonzero minors of that size. A matrix of polynomials modulo p, at a random point, falls short of its
 * generic rank r with probability at most r·d/p for entries of degree d (Schwartz 1980, Zippel 1979), so where p = 4194301 leaves too
 * much doubt, take the largest of the ranks at several points or primes.
 */
@NullMarked
package org.quotient.autodiff.field;

import org.jspecify.annotations.NullMarked;
