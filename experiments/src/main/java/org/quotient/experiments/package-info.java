/** Experiments, each one command that writes a page with tables, plots and raw numbers. */
@NullMarked
package org.quotient.experiments;

import org.jspecify.annotations.NullMarked;
