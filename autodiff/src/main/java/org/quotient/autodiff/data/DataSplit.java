package org.quotient.autodiff.data;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.quotient.autodiff.Shape;

/**
 * A data set in parts: one to train on, perhaps one to choose settings with, one to judge by.
 *
 * @param name such as {@code mnist}
 * @param description one line: what it is, from whom, how much of it is here
 * @param train the training part
 * @param validation the validation part, if there is one
 * @param test the test part
 */
public record DataSplit(String name, String description, Dataset train, Optional<Dataset> validation, Dataset test) {
    /**
     * Checks that the parts belong together.
     *
     * @throws IllegalArgumentException if their samples or labels have different shapes, or their classes differ
     */
    public DataSplit {
        for (Dataset part : parts(validation, test)) {
            if (!part.sampleShape().equals(train.sampleShape())
                    || !part.labelShape().equals(train.labelShape())
                    || !part.classNames().equals(train.classNames())
                    || !part.voidLabel().equals(train.voidLabel())) {
                throw new IllegalArgumentException("The parts of '" + name + "' do not belong together: " + train
                        + ", labels of shape " + train.labelShape() + ", against " + part + ", labels of shape "
                        + part.labelShape());
            }
        }
    }

    private static List<Dataset> parts(Optional<Dataset> validation, Dataset test) {
        return Stream.concat(validation.stream(), Stream.of(test)).toList();
    }

    /** Two parts. */
    public static DataSplit of(String name, String description, Dataset train, Dataset test) {
        return new DataSplit(name, description, train, Optional.empty(), test);
    }

    /** A number that tells other data from these, of all parts: see {@link Dataset#checksum}. */
    public long checksum() {
        long sum = train.checksum();
        for (Dataset part : parts(validation, test)) {
            sum = 31 * sum + part.checksum();
        }
        return sum;
    }

    /** The same done to every part. */
    public DataSplit map(UnaryOperator<Dataset> change) {
        return new DataSplit(name, description, change.apply(train), validation.map(change), change.apply(test));
    }

    /** Every part standardised by the numbers of the training part, see {@link Standardisation#of}. */
    public DataSplit standardised() {
        Standardisation by = Standardisation.of(train);
        return map(part -> part.standardised(by));
    }

    /** Every part under another shape of a sample, see {@link Dataset#reshaped}. */
    public DataSplit reshaped(Shape perSample) {
        return map(part -> part.reshaped(perSample));
    }

    /**
     * Sets the last samples of the training part aside for validation.
     *
     * @param count at least 1, below the size of the training part
     * @throws IllegalArgumentException if it is not, or there is a validation part already
     */
    public DataSplit withValidation(int count) {
        if (validation.isPresent()) {
            throw new IllegalArgumentException("'" + name + "' has a validation part already");
        }
        if (count < 1 || count >= train.size()) {
            throw new IllegalArgumentException("'" + name + "' has " + train.size() + " training samples; " + count
                    + " cannot be set aside for validation, expected 1 to " + (train.size() - 1));
        }
        int cut = train.size() - count;
        return new DataSplit(
                name, description, train.subset(0, cut), Optional.of(train.subset(cut, train.size())), test);
    }
}
