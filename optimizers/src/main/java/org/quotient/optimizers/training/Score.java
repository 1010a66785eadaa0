package org.quotient.optimizers.training;

/**
 * How well a network does on a data set, as it runs at inference.
 *
 * @param loss the mean over samples, or over the pixels that have a class
 * @param accuracy the fraction classified rightly, of samples or of pixels that have a class; NaN where numbers are learned
 *     that are no classes
 * @param meanIou the mean over classes of intersection over union, of pixels (Everingham et al. 2010; classes that are neither
 *     there nor predicted are left out); NaN where samples are classified
 */
public record Score(double loss, double accuracy, double meanIou) {}
