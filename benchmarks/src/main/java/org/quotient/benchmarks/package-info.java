/** JMH benchmarks and comparisons with peers. */
@NullMarked
package org.quotient.benchmarks;

import org.jspecify.annotations.NullMarked;
