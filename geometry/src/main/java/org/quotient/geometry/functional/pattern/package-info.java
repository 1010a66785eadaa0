/** Networks on their polynomial pieces: masks as variables, and which masks hold at a point, decided exactly. */
@NullMarked
package org.quotient.geometry.functional.pattern;

import org.jspecify.annotations.NullMarked;
