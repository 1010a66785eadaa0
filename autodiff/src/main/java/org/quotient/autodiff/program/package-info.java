/**
 * Compiled graphs: {@link org.quotient.autodiff.program.Program} turns expressions into a list of steps over planned memory,
 * {@link org.quotient.autodiff.program.Session} holds that memory and runs them.
 */
@NullMarked
package org.quotient.autodiff.program;

import org.jspecify.annotations.NullMarked;
