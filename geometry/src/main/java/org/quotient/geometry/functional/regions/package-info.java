/** The linear regions of a network, enumerated exactly. */
@NullMarked
package org.quotient.geometry.functional.regions;

import org.jspecify.annotations.NullMarked;
