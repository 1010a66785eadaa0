package org.quotient.autodiff;

/**
 * How a kernel slides over the two spatial axes of an image batch [N, C, H, W].
 *
 * @param kernelHeight rows of the kernel, at least 1
 * @param kernelWidth columns of the kernel, at least 1
 * @param strideHeight step between output rows, at least 1
 * @param strideWidth step between output columns, at least 1
 * @param padTop virtual rows above the image, at least 0
 * @param padLeft virtual columns left of it, at least 0
 * @param padBottom virtual rows below, at least 0
 * @param padRight virtual columns right of it, at least 0
 * @param dilationHeight distance between kernel rows on the image, at least 1
 * @param dilationWidth distance between kernel columns on the image, at least 1
 */
public record Window(
        int kernelHeight,
        int kernelWidth,
        int strideHeight,
        int strideWidth,
        int padTop,
        int padLeft,
        int padBottom,
        int padRight,
        int dilationHeight,
        int dilationWidth) {

    /** Checks the ranges. */
    public Window {
        if (kernelHeight < 1 || kernelWidth < 1 || strideHeight < 1 || strideWidth < 1) {
            throw new IllegalArgumentException("Kernel and stride must be at least 1; given kernel " + kernelHeight
                    + "x" + kernelWidth + ", stride " + strideHeight + "x" + strideWidth);
        }
        if (padTop < 0 || padLeft < 0 || padBottom < 0 || padRight < 0) {
            throw new IllegalArgumentException("Padding must be 0 or more; given top " + padTop + ", left " + padLeft
                    + ", bottom " + padBottom + ", right " + padRight);
        }
        if (dilationHeight < 1 || dilationWidth < 1) {
            throw new IllegalArgumentException(
                    "Dilation must be at least 1; given " + dilationHeight + "x" + dilationWidth);
        }
    }

    /** A square window without dilation. */
    public static Window square(int kernel, int stride, int pad) {
        return new Window(kernel, kernel, stride, stride, pad, pad, pad, pad, 1, 1);
    }

    /** Output rows for an image of {@code height} rows; not positive if the kernel does not fit. */
    public int outputHeight(int height) {
        int room = height + padTop + padBottom - (kernelHeight - 1) * dilationHeight - 1;
        return room < 0 ? 0 : room / strideHeight + 1;
    }

    /** Output columns for an image of {@code width} columns; not positive if the kernel does not fit. */
    public int outputWidth(int width) {
        int room = width + padLeft + padRight - (kernelWidth - 1) * dilationWidth - 1;
        return room < 0 ? 0 : room / strideWidth + 1;
    }

    /** The image row that output row y meets through kernel row i; may lie in the padding. */
    public int inputRow(int y, int i) {
        return y * strideHeight - padTop + i * dilationHeight;
    }

    /** The image column that output column x meets through kernel column j; may lie in the padding. */
    public int inputColumn(int x, int j) {
        return x * strideWidth - padLeft + j * dilationWidth;
    }

    /** Whether any padding is present. */
    public boolean padded() {
        return padTop + padLeft + padBottom + padRight > 0;
    }
}
