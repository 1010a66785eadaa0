/** Rewriting of expression graphs: small named rules, constant folding and sharing of common subexpressions. */
@NullMarked
package org.quotient.autodiff.rewrite;

import org.jspecify.annotations.NullMarked;
