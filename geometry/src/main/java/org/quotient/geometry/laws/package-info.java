/**
 * Conservation laws of gradient flows, counted: functions of the parameters that no loss and no data change along the flow
 * (Marcotte, Gribonval and Peyré 2023), by closing the fields that the flow may follow under Lie brackets, modulo a prime.
 */
@NullMarked
package org.quotient.geometry.laws;

import org.jspecify.annotations.NullMarked;
