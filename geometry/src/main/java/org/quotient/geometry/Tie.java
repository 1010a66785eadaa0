package org.quotient.geometry;

/** How a scale is shared or fixed beyond the layer that introduced it. */
enum Tie {
    /** Streams that are added have one scale. */
    RESIDUAL,
    /** Units of one pool have one scale. */
    POOL,
    /** Positions of one channel have one scale. */
    POSITIONS,
    /** Inputs of a normalisation that share its statistics have one, free, scale. */
    NORMALISATION,
    /** Activations multiply elementwise. */
    GATE,
    /** Activations multiply in a contraction, as queries and keys. */
    ATTENTION
}
