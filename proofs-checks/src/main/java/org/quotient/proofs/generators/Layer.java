package org.quotient.proofs.generators;

import java.util.List;
import java.util.stream.Collectors;

/** One layer of a {@link Sketch}. */
public sealed interface Layer {
    /** In words, such as {@code dense 3 + bias}. */
    String text();

    /**
     * A dense layer.
     *
     * @param units its width
     * @param bias whether there is one
     */
    record Dense(int units, boolean bias) implements Layer {
        @Override
        public String text() {
            return "dense " + units + (bias ? " + bias" : "");
        }
    }

    /**
     * A convolution with stride 1.
     *
     * @param channels of its output
     * @param kernel height and width
     * @param padding on every side
     * @param bias whether there is one
     */
    record Conv(int channels, int kernel, int padding, boolean bias) implements Layer {
        @Override
        public String text() {
            return "conv" + kernel + " " + channels + (padding > 0 ? " pad " + padding : "") + (bias ? " + bias" : "");
        }
    }

    /**
     * A leaky ReLU.
     *
     * @param slope left of 0: 0 for a ReLU
     */
    record Activation(double slope) implements Layer {
        @Override
        public String text() {
            return slope == 0 ? "relu" : "leaky " + slope;
        }
    }

    /**
     * A maximum or mean over windows of an image that do not overlap.
     *
     * @param maximum or else the mean
     * @param size of the windows
     */
    record Pool(boolean maximum, int size) implements Layer {
        @Override
        public String text() {
            return (maximum ? "max-pool " : "average-pool ") + size;
        }
    }

    /**
     * A maximum or mean over all positions.
     *
     * @param maximum or else the mean
     */
    record GlobalPool(boolean maximum) implements Layer {
        @Override
        public String text() {
            return "global " + (maximum ? "max" : "average") + "-pool";
        }
    }

    /**
     * The maximum over groups of neighbouring units, as in maxout.
     *
     * @param units in a group
     */
    record PoolUnits(int units) implements Layer {
        @Override
        public String text() {
            return "maximum of every " + units + " units";
        }
    }

    /** From an image to a vector. */
    record Flatten() implements Layer {
        @Override
        public String text() {
            return "flatten";
        }
    }

    /**
     * x + F(x).
     *
     * @param branch F, to a value of the same shape
     */
    record Residual(List<Layer> branch) implements Layer {
        @Override
        public String text() {
            return "x + (" + joined(branch) + ")";
        }
    }

    /**
     * x beside F(x), as in DenseNet.
     *
     * @param branch F
     */
    record Beside(List<Layer> branch) implements Layer {
        @Override
        public String text() {
            return "x beside (" + joined(branch) + ")";
        }
    }

    /**
     * The weight of the last dense layer once more.
     *
     * @param transposed or else as it is, for a square one
     */
    record Again(boolean transposed) implements Layer {
        @Override
        public String text() {
            return transposed ? "the last weight transposed" : "the last weight again";
        }
    }

    /** Zero mean and unit variance over the batch, without gain and shift, ε negligible. */
    record Normalise() implements Layer {
        @Override
        public String text() {
            return "normalise";
        }
    }

    /** Layers with arrows in between. */
    static String joined(List<Layer> layers) {
        return layers.stream().map(Layer::text).collect(Collectors.joining(" → "));
    }
}
