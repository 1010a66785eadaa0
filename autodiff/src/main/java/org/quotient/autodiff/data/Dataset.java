package org.quotient.autodiff.data;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.CRC32;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/**
 * Samples with labels. Immutable; parts of a data set ({@link #select}) and other views of it share its numbers. Samples are
 * turned into tensors when they are asked for.
 */
public final class Dataset {
    private final String name;
    private final Shape sampleShape;
    private final Storage inputs;
    private final Labels labels;
    private final Optional<Targets> targets;
    private final int[] rows;
    private final Standardisation standardisation;
    /** What bytes become, see {@link Standardisation#table}: samples are read in every step of training. Empty for floats. */
    private final double[] table;

    /** Numbers to be predicted, of one shape a sample. */
    private record Targets(Shape each, Storage values) {}

    private Dataset(
            String name,
            Shape sampleShape,
            Storage inputs,
            Labels labels,
            Optional<Targets> targets,
            int[] rows,
            Standardisation standardisation) {
        this.name = name;
        this.sampleShape = sampleShape;
        this.inputs = inputs;
        this.labels = labels;
        this.targets = targets;
        this.rows = rows;
        this.standardisation = standardisation;
        this.table = inputs instanceof Storage.Bytes ? standardisation.table() : new double[0];
    }

    /**
     * A data set.
     *
     * @param name for people, such as {@code mnist}
     * @param sampleShape the shape of one sample, without the batch: [1, 28, 28] for a grey picture, [2] for a point
     * @param inputs the samples one after the other, each row-major
     * @param labels as many as samples
     * @throws IllegalArgumentException if there is no sample, or the counts do not fit together
     */
    public static Dataset of(String name, Shape sampleShape, Storage inputs, Labels labels) {
        int each = sampleShape.elements();
        if (each == 0 || labels.size() == 0 || inputs.size() != (long) labels.size() * each) {
            throw new IllegalArgumentException("'" + name + "': " + labels.size() + " labels and " + inputs.size()
                    + " numbers; expected one sample or more, each of shape " + sampleShape + " with a label");
        }
        int[] rows = new int[labels.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i;
        }
        return new Dataset(name, sampleShape, inputs, labels, Optional.empty(), rows, Standardisation.NONE);
    }

    /**
     * This data set with numbers to be predicted beside the labels.
     *
     * @param each the shape of one sample's
     * @param values as many as samples, one after the other; of all samples, in the order in which they are stored
     * @throws IllegalArgumentException if the counts do not fit together
     */
    public Dataset withTargets(Shape each, Storage values) {
        if (values.size() != (long) labels.size() * each.elements()) {
            throw new IllegalArgumentException("'" + name + "': " + values.size()
                    + " numbers to be predicted; expected " + labels.size() + " times the shape " + each);
        }
        return new Dataset(
                name, sampleShape, inputs, labels, Optional.of(new Targets(each, values)), rows, standardisation);
    }

    /** For people, such as {@code mnist}. */
    public String name() {
        return name;
    }

    /** The number of samples, at least 1. */
    public int size() {
        return rows.length;
    }

    /** The shape of one sample, without the batch. */
    public Shape sampleShape() {
        return sampleShape;
    }

    /** The shape of one sample's labels: {@link Shape#SCALAR}, or [height, width]. */
    public Shape labelShape() {
        return labels.each();
    }

    /** The number K of classes, void left out. */
    public int classes() {
        return labels.classes();
    }

    /** The names of the classes, in the order of the labels. */
    public List<String> classNames() {
        return labels.classNames();
    }

    /** The label that means no class, to be left out of losses and scores: K if there is such a label. */
    public OptionalInt voidLabel() {
        return labels.hasVoid() ? OptionalInt.of(labels.classes()) : OptionalInt.empty();
    }

    /** What is done to the stored numbers when samples are read. */
    public Standardisation standardisation() {
        return standardisation;
    }

    /**
     * Samples as a tensor.
     *
     * @param indices each from 0 to size − 1, in any order, repeated or not
     * @param dtype of the tensor
     * @return [indices.length, sample shape]
     * @throws IndexOutOfBoundsException if an index is out of range
     */
    public Tensor samples(int[] indices, DType dtype) {
        double[] data = new double[Math.multiplyExact(indices.length, sampleShape.elements())];
        copySamples(indices, data);
        return Tensor.of(batched(indices.length, sampleShape), dtype, data);
    }

    /**
     * Samples into an array that is there already, which saves a training loop the allocation.
     *
     * @param indices see {@link #samples}
     * @param to filled from its beginning, row-major
     * @throws IndexOutOfBoundsException if an index is out of range or the array too short
     */
    public void copySamples(int[] indices, double[] to) {
        int each = sampleShape.elements();
        for (int i = 0; i < indices.length; i++) {
            copySample(indices[i], to, i * each);
        }
    }

    /** One sample into an array. */
    void copySample(int index, double[] to, int at) {
        int each = sampleShape.elements();
        int from = rows[index] * each;
        if (inputs instanceof Storage.Bytes bytes) {
            int blocks = standardisation.blocks();
            int length = each / blocks;
            for (int k = 0; k < blocks; k++) {
                bytes.copy(from + k * length, length, table, k * (table.length / blocks), to, at + k * length);
            }
        } else {
            inputs.copy(from, each, to, at);
            standardisation.apply(to, at, each);
        }
    }

    /**
     * Labels as a tensor of whole numbers.
     *
     * @param indices see {@link #samples}
     * @param dtype of the tensor
     * @return [indices.length], or [indices.length, height, width]
     */
    public Tensor labels(int[] indices, DType dtype) {
        int each = labels.each().elements();
        double[] data = new double[Math.multiplyExact(indices.length, each)];
        for (int i = 0; i < indices.length; i++) {
            int from = rows[indices[i]] * each;
            for (int j = 0; j < each; j++) {
                data[i * each + j] = labels.values()[from + j];
            }
        }
        return Tensor.of(batched(indices.length, labels.each()), dtype, data);
    }

    /** The label of a sample that has one, or of its first pixel. */
    public int label(int index) {
        return labels.values()[rows[index] * labels.each().elements()];
    }

    /** The shape of the numbers to be predicted for one sample, where there are such beside the labels. */
    public Optional<Shape> targetShape() {
        return targets.map(Targets::each);
    }

    /**
     * Numbers to be predicted as a tensor; samples' standardisation does not concern them.
     *
     * @param indices see {@link #samples}
     * @param dtype of the tensor
     * @return [indices.length, target shape]
     * @throws IllegalStateException if there are none: see {@link #targetShape}
     */
    public Tensor targets(int[] indices, DType dtype) {
        Targets all = targets.orElseThrow(() -> new IllegalStateException("'" + name
                + "' has labels only, no numbers to be predicted; use labels, for example with a cross-entropy"));
        int each = all.each().elements();
        double[] data = new double[Math.multiplyExact(indices.length, each)];
        for (int i = 0; i < indices.length; i++) {
            all.values().copy(rows[indices[i]] * each, each, data, i * each);
        }
        return Tensor.of(batched(indices.length, all.each()), dtype, data);
    }

    /** A number that tells other samples, labels or numbers to be predicted, or another order of them, from these: CRC-32. */
    public long checksum() {
        CRC32 sum = new CRC32();
        int each = sampleShape.elements();
        int perLabel = labels.each().elements();
        ByteBuffer label = ByteBuffer.allocate(perLabel * Integer.BYTES);
        for (int row : rows) {
            inputs.addTo(sum, row * each, each);
            label.clear().asIntBuffer().put(labels.values(), row * perLabel, perLabel);
            sum.update(label.clear());
            targets.ifPresent(t ->
                    t.values().addTo(sum, row * t.each().elements(), t.each().elements()));
        }
        return sum.getValue();
    }

    private static Shape batched(int n, Shape each) {
        int[] sizes = new int[each.rank() + 1];
        sizes[0] = n;
        for (int i = 0; i < each.rank(); i++) {
            sizes[i + 1] = each.size(i);
        }
        return Shape.of(sizes);
    }

    /**
     * Chosen samples, in the order given.
     *
     * @param indices one or more, each from 0 to size − 1
     * @throws IllegalArgumentException if none is given or one is out of range
     */
    public Dataset select(int[] indices) {
        int[] chosen = new int[indices.length];
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < 0 || indices[i] >= rows.length) {
                throw new IllegalArgumentException(
                        "'" + name + "' has samples 0 to " + (rows.length - 1) + "; asked for " + indices[i]);
            }
            chosen[i] = rows[indices[i]];
        }
        if (chosen.length == 0) {
            throw new IllegalArgumentException("A part of '" + name + "' needs one sample or more");
        }
        return new Dataset(name, sampleShape, inputs, labels, targets, chosen, standardisation);
    }

    /**
     * Consecutive samples.
     *
     * @param from the first, at least 0
     * @param to behind the last, above {@code from}, at most the size
     * @throws IllegalArgumentException if they are not so
     */
    public Dataset subset(int from, int to) {
        if (from < 0 || to <= from || to > rows.length) {
            throw new IllegalArgumentException("'" + name + "' has samples 0 to " + (rows.length - 1)
                    + "; asked for those from " + from + " to " + (to - 1));
        }
        return new Dataset(
                name, sampleShape, inputs, labels, targets, Arrays.copyOfRange(rows, from, to), standardisation);
    }

    /**
     * The same samples under another shape of as many numbers: pictures as vectors for a network of dense layers.
     *
     * @param perSample without the batch
     * @throws IllegalArgumentException if the counts of numbers differ
     */
    public Dataset reshaped(Shape perSample) {
        if (perSample.isSymbolic() || perSample.elements() != sampleShape.elements()) {
            throw new IllegalArgumentException("A sample of '" + name + "' has shape " + sampleShape + ", "
                    + sampleShape.elements() + " numbers; it cannot be seen as " + perSample
                    + ". Choose a network whose input has as many.");
        }
        return new Dataset(name, perSample, inputs, labels, targets, rows, standardisation);
    }

    /**
     * The middle of pictures, and of their labels where each pixel has one: for networks that halve the sides more often than these
     * can be divided by two. Copies what it keeps.
     *
     * @param height of the part, at most that of a picture
     * @param width likewise
     * @throws IllegalArgumentException if samples are no pictures [channels, height, width] of that size, or have numbers to be
     *     predicted
     */
    public Dataset cropped(int height, int width) {
        if (sampleShape.rank() != 3
                || height < 1
                || width < 1
                || height > sampleShape.size(1)
                || width > sampleShape.size(2)
                || targets.isPresent()) {
            throw new IllegalArgumentException("Samples of '" + name + "' have shape " + sampleShape + "; " + height
                    + " by " + width + " cannot be cut out of them");
        }
        int channels = sampleShape.size(0);
        int from = sampleShape.size(1);
        int wide = sampleShape.size(2);
        int top = (from - height) / 2;
        int left = (wide - width) / 2;
        Storage cut = inputs.empty(rows.length * channels * height * width);
        boolean perPixel = labels.each().rank() == 2;
        int[] classes = new int[perPixel ? rows.length * height * width : rows.length];
        for (int n = 0; n < rows.length; n++) {
            for (int line = 0; line < channels * height; line++) {
                int source = (rows[n] * channels + line / height) * from + top + line % height;
                cut.put(inputs, source * wide + left, width, (n * channels * height + line) * width);
            }
            for (int line = 0; line < (perPixel ? height : 0); line++) {
                System.arraycopy(
                        labels.values(),
                        (rows[n] * from + top + line) * wide + left,
                        classes,
                        (n * height + line) * width,
                        width);
            }
            if (!perPixel) {
                classes[n] = labels.values()[rows[n]];
            }
        }
        Labels parts = new Labels(
                classes, perPixel ? Shape.of(height, width) : Shape.SCALAR, labels.classNames(), labels.hasVoid());
        return of(name, Shape.of(channels, height, width), cut, parts).standardised(standardisation);
    }

    /**
     * The same samples under another standardisation, which replaces the present one.
     *
     * @param by usually of the training part; {@link Standardisation#NONE} for the numbers as stored
     * @throws IllegalArgumentException if it is for samples of other shape
     */
    public Dataset standardised(Standardisation by) {
        if (!by.suits(sampleShape.elements())) {
            throw new IllegalArgumentException("A standardisation of " + by.mean().length
                    + " channels does not suit samples of shape " + sampleShape + " of '" + name + "'");
        }
        return new Dataset(name, sampleShape, inputs, labels, targets, rows, by);
    }

    /** Such as {@code mnist: 60000 samples of shape [1, 28, 28], 10 classes}. */
    @Override
    public String toString() {
        return name + ": " + size() + " samples of shape " + sampleShape + ", " + classes() + " classes";
    }
}
