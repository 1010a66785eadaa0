package org.quotient.interop;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/**
 * NumPy's {@code .npy} files (format 1 to 3): one little-endian array in C order of type {@code f4}, {@code f8},
 * {@code i4} or {@code i8}.
 */
public final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern HEADER = Pattern.compile("\\s*\\{(?=.*'descr':\\s*'([^']*)')"
            + "(?=.*'fortran_order':\\s*(True|False))(?=.*'shape':\\s*\\(([0-9, ]*)\\)).*}\\s*");
    private static final int ALIGNMENT = 64;
    private static final long LARGEST_WHOLE = 1L << 53;

    private Npy() {}

    /**
     * Reads an array. Integers become whole numbers of dtype F64; {@code f4} stays F32.
     *
     * @param file a {@code .npy} file
     * @throws InteropException if the file cannot be read, is damaged or of another type or order, or holds an integer
     *     that a double cannot
     */
    public static Tensor read(Path file) {
        if (Files.isDirectory(file) || !Files.exists(file)) {
            throw new InteropException("There is no file '" + file + "'; expected a NumPy array (.npy).");
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            return decode(bytes, file);
        } catch (IOException e) {
            throw new InteropException("'" + file + "' cannot be read: " + FileReason.of(e) + ".", e);
        } catch (OutOfMemoryError e) {
            throw new InteropException("'" + file + "' is too large to be read into memory.", e);
        } catch (BufferUnderflowException e) {
            throw new InteropException("'" + file + "' ends within its header; it is damaged or incomplete.", e);
        }
    }

    private static Tensor decode(ByteBuffer bytes, Path file) {
        byte[] magic = new byte[MAGIC.length];
        bytes.get(magic);
        int version = bytes.get();
        bytes.get();
        if (!Arrays.equals(magic, MAGIC) || version < 1 || version > 3) {
            throw new InteropException("'" + file + "' is not a NumPy array; expected a file written by numpy.save.");
        }
        int length = version == 1 ? Short.toUnsignedInt(bytes.getShort()) : bytes.getInt();
        if (length < 0 || length > bytes.remaining()) {
            throw new InteropException("'" + file + "' ends within its header; it is damaged or incomplete.");
        }
        byte[] text = new byte[length];
        bytes.get(text);
        String header = new String(text, StandardCharsets.ISO_8859_1);
        Matcher fields = HEADER.matcher(header);
        if (!fields.matches()) {
            throw new InteropException("'" + file + "' has a header that is not NumPy's: " + header.strip() + ".");
        }
        if (fields.group(2).equals("True")) {
            throw new InteropException(
                    "'" + file + "' is in Fortran order; save it with numpy.ascontiguousarray first.");
        }
        return values(bytes, shape(fields.group(3), file), fields.group(1), file);
    }

    private static Shape shape(String text, Path file) {
        List<Integer> sizes = new ArrayList<>();
        long count = 1;
        for (String part : text.split(",", -1)) {
            if (!part.isBlank()) {
                String digits = part.strip();
                long size = digits.length() > 9 || digits.contains(" ") ? -1 : Long.parseLong(digits);
                if (size < 0 || (size > 0 && count > Integer.MAX_VALUE / size)) {
                    throw new InteropException("'" + file + "' declares the shape (" + text + "), which is too large.");
                }
                count *= size;
                sizes.add((int) size);
            }
        }
        return Shape.of(sizes);
    }

    private static Tensor values(ByteBuffer bytes, Shape shape, String type, Path file) {
        int width = switch (type) {
            case "<f4", "<i4" -> 4;
            case "<f8", "<i8" -> 8;
            default ->
                throw new InteropException("'" + file + "' holds numbers of type '" + type
                        + "'; expected little-endian f4, f8, i4 or i8. Convert it with numpy's astype.");
        };
        long expected = (long) shape.elements() * width;
        if (bytes.remaining() != expected) {
            throw new InteropException("'" + file + "' of shape " + shape + " should hold " + expected
                    + " bytes of numbers and holds " + bytes.remaining() + "; it is damaged or incomplete.");
        }
        double[] data = new double[shape.elements()];
        for (int i = 0; i < data.length; i++) {
            data[i] = switch (type) {
                case "<f4" -> bytes.getFloat();
                case "<f8" -> bytes.getDouble();
                case "<i4" -> bytes.getInt();
                default -> whole(bytes.getLong(), file);
            };
        }
        return Tensor.of(shape, type.equals("<f4") ? DType.F32 : DType.F64, data);
    }

    private static double whole(long value, Path file) {
        if (value > LARGEST_WHOLE || value < -LARGEST_WHOLE) {
            throw new InteropException("'" + file + "' holds the integer " + value + ", which a double cannot hold.");
        }
        return value;
    }

    /**
     * Writes an array as {@code f4} or {@code f8}, whole or not at all.
     *
     * @param array the array
     * @param out where to; an existing file is replaced
     * @throws InteropException if the file cannot be written
     */
    public static void write(Tensor array, Path out) {
        WholeFile.write(out, stream -> writeTo(array, stream));
    }

    /** Writes an array in npy format to a stream, which stays open. */
    static void writeTo(Tensor array, OutputStream stream) throws IOException {
        boolean single = array.dtype() == DType.F32;
        StringBuilder sizes = new StringBuilder();
        for (int size : array.shape().sizes()) {
            sizes.append(size).append(array.shape().rank() == 1 ? "," : ", ");
        }
        String shape = array.shape().rank() > 1 ? sizes.substring(0, sizes.length() - 2) : sizes.toString();
        String header =
                "{'descr': '" + (single ? "<f4" : "<f8") + "', 'fortran_order': False, 'shape': (" + shape + "), }";
        int prefix = MAGIC.length + 2 + Short.BYTES;
        int padding = ALIGNMENT - 1 - (prefix + header.length()) % ALIGNMENT;
        String padded = header + " ".repeat(padding) + "\n";
        ByteBuffer start = ByteBuffer.allocate(prefix + padded.length()).order(ByteOrder.LITTLE_ENDIAN);
        start.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) padded.length());
        start.put(padded.getBytes(StandardCharsets.ISO_8859_1));
        stream.write(start.array());
        writeNumbers(array, single, stream);
    }

    private static void writeNumbers(Tensor array, boolean single, OutputStream stream) throws IOException {
        ByteBuffer one =
                ByteBuffer.allocate(single ? Float.BYTES : Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : array.data()) {
            one.clear();
            if (single) {
                one.putFloat((float) value);
            } else {
                one.putDouble(value);
            }
            stream.write(one.array());
        }
    }
}
