/** What path conditioning does to networks at their initialisation, predicted and drawn. */
@NullMarked
package org.quotient.experiments.initialisation;

import org.jspecify.annotations.NullMarked;
