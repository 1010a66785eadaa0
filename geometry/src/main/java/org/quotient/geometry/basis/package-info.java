/**
 * Basis paths: coordinates of the quotient by positive rescaling, with the inverse chain rule and the allocation of weights
 * (Meng et al. 2019, "G-SGD"), as expressions over the weights, for any network whose rescalings are those of a graph.
 */
@NullMarked
package org.quotient.geometry.basis;

import org.jspecify.annotations.NullMarked;
