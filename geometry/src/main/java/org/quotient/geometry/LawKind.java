package org.quotient.geometry;

/** What introduced a scale: the kind of operation whose output it belongs to. */
enum LawKind {
    /** A dense layer's unit. */
    UNIT,
    /** A channel of a convolution. */
    CHANNEL,
    /** A single position of a channel. */
    POSITION,
    /** A factor of an elementwise product with a parameter. */
    SCALE,
    /** The gain of a normalisation. */
    GAIN,
    /** A parameter that stands for itself, such as a sum of parameters. */
    PARAMETER,
    /** A root of a power. */
    POWER
}
