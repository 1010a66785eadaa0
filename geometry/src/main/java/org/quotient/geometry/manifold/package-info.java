/**
 * Parameters modulo rescaling as a Riemannian manifold: invariant metrics, vertical and horizontal spaces, retractions and
 * transport, and the two quotients with closed forms (the logarithmic metric, and the metric of Badrinarayanan, Mishra and
 * Cipolla 2015 for one hidden layer). Everything is numeric: values, not expressions.
 */
@NullMarked
package org.quotient.geometry.manifold;

import org.jspecify.annotations.NullMarked;
