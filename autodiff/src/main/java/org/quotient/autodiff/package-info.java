/** Immutable expression graphs: shapes, reverse mode, symbolic rewriting and compiled execution. */
@NullMarked
package org.quotient.autodiff;

import org.jspecify.annotations.NullMarked;
