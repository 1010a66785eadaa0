/** What a training step costs beyond plain descent, optimizer by optimizer. */
@NullMarked
package org.quotient.benchmarks.overhead;

import org.jspecify.annotations.NullMarked;
