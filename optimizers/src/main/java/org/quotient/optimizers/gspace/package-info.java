/** Descent in values of basis paths: G-SGD and EC-SGD (Meng et al. 2018, 2019) on any network. */
@NullMarked
package org.quotient.optimizers.gspace;

import org.jspecify.annotations.NullMarked;
