/**
 * Files of data sets, validated while they are read: IDX (MNIST), CIFAR-10's binary batches, folders of pictures with labels
 * for their pixels; and data sets by name. Every defect is one clear message.
 */
@NullMarked
package org.quotient.interop.data;

import org.jspecify.annotations.NullMarked;
