/** What the notebooks need beyond the library: charts and inline display. */
@NullMarked
package org.quotient.notebooks;

import org.jspecify.annotations.NullMarked;
