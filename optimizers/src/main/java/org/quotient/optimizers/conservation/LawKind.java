package org.quotient.optimizers.conservation;

/** How far a generator's law holds for the trained parameters. */
public enum LawKind {
    /** The loss does not change along the generator, whatever the data: the law is an identity. */
    EXACT,

    /**
     * An operation removes the scale that the generator moves. For a normalisation the loss is unchanged only for ε = 0, and
     * the law holds to O(ε): reported, not judged.
     */
    SCALE_REMOVED,

    /**
     * The generator moves buffers too (running statistics), which are not trained: the parameters alone have no law. Reported,
     * not judged; a network in training mode does not use these buffers.
     */
    MOVES_BUFFERS
}
