/**
 * Path lifting at the size of real networks: norms, inner products and the diagonal of the path magnitude matrix as
 * transformations of the expression graph, without enumerating paths (Neyshabur et al. 2015; Gonon et al. 2023). For small
 * networks the paths themselves, with their values, derivatives and activations.
 */
@NullMarked
package org.quotient.geometry.lifting;

import org.jspecify.annotations.NullMarked;
