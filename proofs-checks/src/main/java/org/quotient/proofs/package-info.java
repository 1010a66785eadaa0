/** Theorems as executable checks with certificates, generators of instances, conjectures and sweeps. */
@NullMarked
package org.quotient.proofs;

import org.jspecify.annotations.NullMarked;
