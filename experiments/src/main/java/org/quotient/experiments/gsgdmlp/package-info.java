/** G-SGD on a deep narrow network, with the ablation of its initialisation. */
@NullMarked
package org.quotient.experiments.gsgdmlp;

import org.jspecify.annotations.NullMarked;
