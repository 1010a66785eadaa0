/**
 * Orbit criteria: convex functions of the log-scales z that choose one representative of an equivalence class, such as path
 * conditioning (Lebeurrier, Vayer, Gribonval 2026) and equi-normalisation (Stock et al. 2019), with solvers and certificates.
 */
@NullMarked
package org.quotient.geometry.criteria;

import org.jspecify.annotations.NullMarked;
