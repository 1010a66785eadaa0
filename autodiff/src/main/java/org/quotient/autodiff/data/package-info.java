/**
 * Data sets: samples with labels kept small in memory, their split, their order in training, augmentation, and sets that are
 * made on the spot. Everything random is a pure function of a seed and a counter.
 */
@NullMarked
package org.quotient.autodiff.data;

import org.jspecify.annotations.NullMarked;
