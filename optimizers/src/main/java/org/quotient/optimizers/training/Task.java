package org.quotient.optimizers.training;

import java.util.Optional;
import java.util.OptionalInt;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.data.Augmentation;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.data.Dataset;
import org.quotient.autodiff.network.Network;

/**
 * A data set that a network can learn: samples in the shape of its input, a loss that fits both.
 *
 * @param data with samples of the network's input shape
 * @param loss of the network's output and the data's labels
 * @param kind which loss it is
 */
public record Task(DataSplit data, Loss loss, Kind kind) {
    /** What is predicted. */
    public enum Kind {
        /** A class per sample, by cross-entropy. */
        CLASSES,
        /** A class per pixel, by cross-entropy. */
        PIXELS,
        /** Numbers, by half the squared error: those of the data set, else 1 for the class and 0 for the others. */
        NUMBERS
    }

    /**
     * Fits a data set to a network.
     *
     * @param network with one input and one output
     * @param data whose samples have as many numbers as the input; pictures are flattened where needed
     * @param squared whether to learn numbers by half the squared error instead of classes
     * @throws IllegalArgumentException if shapes or numbers of classes do not fit, with both
     */
    public static Task of(Network network, DataSplit data, boolean squared) {
        if (network.inputs().size() != 1 || network.outputs().size() != 1) {
            throw new IllegalArgumentException("Training on a data set needs one input and one output; '"
                    + network.name() + "' has " + network.inputs().size() + " and "
                    + network.outputs().size());
        }
        Shape input = network.inputs().getFirst().shape().bind(1);
        Shape each = Shape.of(java.util.Arrays.copyOfRange(input.sizes(), 1, input.rank()));
        Dataset train = data.train();
        if (each.elements() != train.sampleShape().elements()) {
            throw new IllegalArgumentException("The network's input is " + each + ", " + each.elements()
                    + " numbers, and a sample of '" + data.name() + "' is " + train.sampleShape() + ", "
                    + train.sampleShape().elements() + " numbers. " + fitting(train));
        }
        Shape output = network.outputs().getFirst().shape().bind(1);
        boolean pixels = train.labelShape().rank() == 2;
        Kind kind = squared ? Kind.NUMBERS : pixels ? Kind.PIXELS : Kind.CLASSES;
        Shape wanted = switch (kind) {
            case CLASSES -> Shape.of(1, train.classes());
            case PIXELS ->
                Shape.of(
                        1,
                        train.classes(),
                        train.labelShape().size(0),
                        train.labelShape().size(1));
            case NUMBERS -> train.targetShape().map(Task::batched).orElse(Shape.of(1, train.classes()));
        };
        if (pixels && squared) {
            throw new IllegalArgumentException(
                    "'" + data.name() + "' has a class per pixel, which is learned by cross-entropy only");
        }
        if (!wanted.equals(output)) {
            throw new IllegalArgumentException("The network's output is " + output + " for one sample, and '"
                    + data.name() + "' needs " + wanted + " (" + train.classes() + " classes). " + fitting(train));
        }
        Loss loss = switch (kind) {
            case CLASSES -> Loss.crossEntropy();
            case PIXELS -> Loss.pixelCrossEntropy();
            case NUMBERS -> Loss.halfSquaredError();
        };
        return new Task(data.reshaped(each), loss, kind);
    }

    /** What network would do. */
    private static String fitting(Dataset data) {
        String sizes = data.sampleShape().elements() + " numbers in, " + data.classes() + " classes out";
        return data.labelShape().rank() == 2
                ? "Choose a network with that input and output"
                : "Choose a network with " + sizes + ", such as mlp:"
                        + data.sampleShape().elements() + "-32-32-" + data.classes();
    }

    private static Shape batched(Shape each) {
        int[] sizes = new int[each.rank() + 1];
        sizes[0] = 1;
        System.arraycopy(each.sizes(), 0, sizes, 1, each.rank());
        return Shape.of(sizes);
    }

    /**
     * A batch.
     *
     * @param part of the data
     * @param indices of its samples
     */
    public Batch batch(Dataset part, int[] indices, DType dtype) {
        return Batch.of(part.samples(indices, dtype), target(part, indices, dtype));
    }

    /** A batch whose pictures, and labels of pixels, are moved at random. */
    Batch batch(Dataset part, int[] indices, DType dtype, Optional<Augmentation> augmentation, long step) {
        Batch plain = batch(part, indices, dtype);
        return augmentation
                .map(a -> {
                    Tensor x = a.pictures(plain.inputs().getFirst(), step, indices);
                    OptionalInt nothing = part.voidLabel();
                    Tensor y = kind == Kind.PIXELS
                            ? a.labels(plain.target(), step, indices, nothing.orElse(part.classes()))
                            : plain.target();
                    return Batch.of(x, y);
                })
                .orElse(plain);
    }

    private Tensor target(Dataset part, int[] indices, DType dtype) {
        if (kind != Kind.NUMBERS) {
            return part.labels(indices, dtype);
        }
        if (part.targetShape().isPresent()) {
            return part.targets(indices, dtype);
        }
        double[] hot = new double[indices.length * part.classes()];
        for (int i = 0; i < indices.length; i++) {
            hot[i * part.classes() + part.label(indices[i])] = 1;
        }
        return Tensor.of(Shape.of(indices.length, part.classes()), dtype, hot);
    }
}
