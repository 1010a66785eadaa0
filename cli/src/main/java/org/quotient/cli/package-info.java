/** The command {@code quotient}. */
@NullMarked
package org.quotient.cli;

import org.jspecify.annotations.NullMarked;
