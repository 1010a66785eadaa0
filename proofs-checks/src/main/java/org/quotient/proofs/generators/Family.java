package org.quotient.proofs.generators;

import java.util.ArrayList;
import java.util.List;
import org.quotient.proofs.Choices;

/** Kinds of architectures to draw from; each draws the smallest network of its kind from the simplest decisions. */
public enum Family {
    /** Dense layers with ReLU or leaky ReLU. */
    MLP {
        @Override
        public Sketch draw(Choices choices, int most) {
            int features = choices.between(1, most);
            boolean bias = choices.maybe();
            Layer activation = activation(choices);
            List<Layer> layers = new ArrayList<>();
            for (int hidden = choices.between(1, 3); hidden > 0; hidden--) {
                layers.add(new Layer.Dense(choices.between(1, most), bias));
                layers.add(activation);
            }
            layers.add(new Layer.Dense(choices.between(1, 2), bias));
            return new Sketch(List.of(features), layers);
        }
    },

    /** One hidden layer. */
    SHALLOW {
        @Override
        public Sketch draw(Choices choices, int most) {
            int features = choices.between(1, most);
            boolean bias = choices.maybe();
            return Sketch.of(
                    features,
                    new Layer.Dense(choices.between(1, most), bias),
                    new Layer.Activation(0),
                    new Layer.Dense(choices.between(1, 2), bias));
        }
    },

    /** Convolutions, pooling over windows or all positions, dense layers. */
    CNN {
        @Override
        public Sketch draw(Choices choices, int most) {
            boolean bias = choices.maybe();
            boolean image = choices.maybe();
            int size = image ? 4 : 2;
            List<Integer> input = List.of(choices.between(1, 2), size, size);
            List<Layer> layers = new ArrayList<>();
            boolean padded = choices.maybe();
            layers.add(new Layer.Conv(choices.between(1, Math.min(2, most)), padded ? 3 : 1, padded ? 1 : 0, bias));
            layers.add(activation(choices));
            if (image) {
                layers.add(new Layer.Pool(choices.maybe(), 2));
            }
            if (choices.maybe()) {
                layers.add(new Layer.Conv(choices.between(1, Math.min(2, most)), 2, 0, bias));
                layers.add(activation(choices));
            }
            layers.add(choices.maybe() ? new Layer.GlobalPool(choices.maybe()) : new Layer.Flatten());
            layers.add(new Layer.Dense(choices.between(1, 2), bias));
            return new Sketch(input, layers);
        }
    },

    /** Residual blocks with the identity, post-activation or pre-activation; a DenseNet block at times. */
    RESIDUAL {
        @Override
        public Sketch draw(Choices choices, int most) {
            boolean bias = choices.maybe();
            int width = choices.between(1, Math.min(3, most));
            Layer relu = new Layer.Activation(0);
            List<Layer> layers = new ArrayList<>(List.of(new Layer.Dense(width, bias), relu));
            int features = choices.between(1, Math.min(2, most));
            boolean before = choices.maybe();
            for (int blocks = choices.between(1, 2); blocks > 0; blocks--) {
                List<Layer> branch = choices.maybe()
                        ? List.of(
                                new Layer.Dense(choices.between(1, Math.min(2, most)), bias),
                                relu,
                                new Layer.Dense(width, bias))
                        : List.of(new Layer.Dense(width, bias));
                if (before) {
                    layers.add(new Layer.Residual(prepended(relu, branch)));
                } else {
                    layers.add(new Layer.Residual(branch));
                    layers.add(relu);
                }
            }
            if (choices.rarely(4)) {
                layers.add(new Layer.Beside(List.of(new Layer.Dense(1, bias), relu)));
            }
            layers.add(new Layer.Dense(choices.between(1, 2), bias));
            return Sketch.of(features, layers.toArray(Layer[]::new));
        }
    },

    /** Weights used twice along a path: recurrences and tied decoders. */
    SHARING {
        @Override
        public Sketch draw(Choices choices, int most) {
            int width = choices.between(1, Math.min(3, most));
            Layer relu = new Layer.Activation(0);
            if (choices.maybe()) {
                return Sketch.of(choices.between(1, most), new Layer.Dense(width, false), relu, new Layer.Again(true));
            }
            List<Layer> layers = new ArrayList<>(List.of(new Layer.Dense(width, choices.maybe()), relu));
            layers.addAll(List.of(new Layer.Dense(width, false), relu));
            for (int times = choices.between(1, 2); times > 0; times--) {
                layers.addAll(List.of(new Layer.Again(false), relu));
            }
            layers.add(new Layer.Dense(choices.between(1, 2), choices.maybe()));
            return Sketch.of(choices.between(1, 2), layers.toArray(Layer[]::new));
        }
    },

    /** Maxima over groups of units. */
    POOLING {
        @Override
        public Sketch draw(Choices choices, int most) {
            boolean bias = choices.maybe();
            List<Layer> layers = new ArrayList<>();
            layers.add(new Layer.Dense(2 * choices.between(1, Math.min(2, most)), bias));
            layers.add(new Layer.PoolUnits(2));
            if (choices.maybe()) {
                layers.add(new Layer.Dense(choices.between(1, most), bias));
                layers.add(new Layer.Activation(0));
            }
            layers.add(new Layer.Dense(choices.between(1, 2), bias));
            return Sketch.of(choices.between(1, most), layers.toArray(Layer[]::new));
        }
    },

    /** Normalisation over the batch before each activation. */
    NORMALISED {
        @Override
        public Sketch draw(Choices choices, int most) {
            List<Layer> layers = new ArrayList<>();
            for (int hidden = choices.between(1, 2); hidden > 0; hidden--) {
                layers.add(new Layer.Dense(choices.between(1, most), false));
                layers.add(new Layer.Normalise());
                layers.add(new Layer.Activation(0));
            }
            layers.add(new Layer.Dense(choices.between(1, 2), choices.maybe()));
            return Sketch.of(choices.between(2, Math.max(2, most)), layers.toArray(Layer[]::new));
        }
    };

    /**
     * A network of this kind.
     *
     * @param choices where decisions come from
     * @param most the largest width
     */
    public abstract Sketch draw(Choices choices, int most);

    private static Layer activation(Choices choices) {
        return new Layer.Activation(choices.among(0.0, 0.5));
    }

    private static List<Layer> prepended(Layer first, List<Layer> rest) {
        List<Layer> all = new ArrayList<>(List.of(first));
        all.addAll(rest);
        return all;
    }
}
