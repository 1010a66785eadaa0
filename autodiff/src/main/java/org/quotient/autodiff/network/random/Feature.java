package org.quotient.autodiff.network.random;

/** What a random network may contain. Except for {@link #DEAD_BRANCH}, each is on a way to an output. */
public enum Feature {
    /** One parameter at two places of the same way from an input to an output. */
    WEIGHT_REUSED_ALONG_A_PATH,
    /** Identity edges a → y, y → z and a → z: a cycle of edges with fixed weight. */
    CYCLIC_TIES,
    /** A convolution or pooling with a stride above 1 and padding along an axis of at least two cells. */
    STRIDE_WITH_PADDING,
    /** Rows or columns of a kernel that never meet the image. */
    DEAD_TAPS,
    /** Part of a tensor is dropped. */
    SLICE,
    /** Maximum or mean over channels or units. */
    POOL_OVER_UNITS,
    /** A tensor beside itself, or beside one that a residual ties to it. */
    CONCAT_OF_TIED_CHANNELS,
    /** Batch normalisation (of the batch or with running statistics) or layer normalisation. */
    NORMALISATION,
    /** Two values that both depend on weights are multiplied. */
    PRODUCT_OF_ACTIVATIONS,
    /** A layer with parameters that no output uses. */
    DEAD_BRANCH,
    /** A leaky ReLU with trained slopes. */
    PRELU,
    /** A leaky ReLU with a fixed slope. */
    LEAKY,
    /** A value is added to one computed from it. */
    RESIDUAL,
    /** A convolution with more than one group. */
    GROUPS,
    /** softmax(Q Kᵀ) V. */
    ATTENTION,
    /** An activation that is not positively homogeneous. */
    NON_HOMOGENEOUS,
    /** One parameter on two parallel ways. */
    WEIGHT_SHARED_IN_PARALLEL,
    /** A bias. */
    BIAS,
    /** A constant is added, which pins a scale. */
    FIXED_OFFSET,
    /** Nearest-neighbour upsampling. */
    UPSAMPLING,
    /** Zeros are put around a tensor outside of a convolution. */
    ZERO_PADDING,
    /** More than one input. */
    SEVERAL_INPUTS,
    /** More than one output. */
    SEVERAL_OUTPUTS
}
