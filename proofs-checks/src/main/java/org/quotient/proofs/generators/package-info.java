/**
 * Random networks, weights, group elements and data, all made from {@link org.quotient.proofs.Choices}: the same generators serve
 * the catalogue, property tests and counterexamples that become smaller.
 */
@NullMarked
package org.quotient.proofs.generators;

import org.jspecify.annotations.NullMarked;
