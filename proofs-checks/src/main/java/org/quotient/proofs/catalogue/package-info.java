/** The theorems that come with the house, and the networks that they are tried on. */
@NullMarked
package org.quotient.proofs.catalogue;

import org.jspecify.annotations.NullMarked;
