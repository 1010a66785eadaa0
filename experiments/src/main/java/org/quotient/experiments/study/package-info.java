/** What studies of training share: methods with equal budgets, runs that survive an interruption, choices on validation data. */
@NullMarked
package org.quotient.experiments.study;

import org.jspecify.annotations.NullMarked;
