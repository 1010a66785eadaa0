/** Why dimensions are lost, unit by unit. */
@NullMarked
package org.quotient.geometry.functional.attribution;

import org.jspecify.annotations.NullMarked;
