/**
 * The theorems that come with the house, and the networks that they are tried on.
 *
 * <p>Ranks are proved from both sides: eliminated modulo a prime they are lower bounds, symmetries give the upper bound, and
 * Jacobians are eliminated over the rationals. Identities between gradients, path values and charges are polynomial or
 * rational; they are evaluated without rounding over the field of residues modulo a prime, at integer weights, and PROVED then
 * means: for that instance over that field.
 */
@NullMarked
package org.quotient.proofs.catalogue;

import org.jspecify.annotations.NullMarked;
