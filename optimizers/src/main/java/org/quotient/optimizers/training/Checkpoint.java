package org.quotient.optimizers.training;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.State;

/**
 * A {@link Progress} as bytes, every bit of it, with a description of the run that it belongs to and a checksum.
 *
 * @param description what the run was told to do; a run goes on only from a checkpoint of its own description
 * @param note free text that is kept along
 * @param progress how far it had come
 */
public record Checkpoint(String description, String note, Progress progress) {
    private static final long MAGIC = 0x51554f5449454e54L;
    private static final int VERSION = 1;

    /** The bytes. */
    public byte[] toBytes() {
        try {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(body);
            out.writeLong(MAGIC);
            out.writeInt(VERSION);
            text(out, description);
            text(out, note);
            out.writeLong(progress.state().steps());
            out.writeDouble(progress.lossSum());
            out.writeLong(progress.samples());
            out.writeDouble(progress.best());
            out.writeInt(progress.sinceBest());
            out.writeInt(progress.epochs().size());
            for (Progress.Epoch e : progress.epochs()) {
                out.writeInt(e.epoch());
                out.writeLong(e.steps());
                out.writeDouble(e.learningRate());
                out.writeDouble(e.trainLoss());
                out.writeDouble(e.held().loss());
                out.writeDouble(e.held().accuracy());
                out.writeDouble(e.held().meanIou());
            }
            tensors(out, progress.state().model().weights().asMap());
            Map<String, State.Slot> slots = progress.state().optimizer().slots();
            out.writeInt(slots.size());
            for (Map.Entry<String, State.Slot> slot : slots.entrySet()) {
                text(out, slot.getKey());
                out.writeInt(slot.getValue().power());
                out.writeInt(slot.getValue().degree());
                out.writeBoolean(slot.getValue().fixed());
                tensors(out, slot.getValue().values());
            }
            CRC32 sum = new CRC32();
            sum.update(body.toByteArray());
            out.writeLong(sum.getValue());
            return body.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A checkpoint from its bytes.
     *
     * @param bytes of {@link #toBytes}
     * @param network that is trained
     * @throws IllegalArgumentException if they are damaged, or of another network
     */
    public static Checkpoint fromBytes(byte[] bytes, Network network) {
        try {
            return read(bytes, network);
        } catch (IOException e) {
            throw new IllegalArgumentException("it is damaged or no checkpoint", e);
        }
    }

    private static Checkpoint read(byte[] bytes, Network network) throws IOException {
        if (bytes.length < Long.BYTES) {
            throw new IOException("too short");
        }
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, bytes.length - Long.BYTES);
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        long stored =
                new DataInputStream(new ByteArrayInputStream(bytes, bytes.length - Long.BYTES, Long.BYTES)).readLong();
        if (in.readLong() != MAGIC || stored != sum.getValue()) {
            throw new IOException("checksum");
        }
        int version = in.readInt();
        if (version != VERSION) {
            throw new IllegalArgumentException("it was written by another version of Quotient (format " + version
                    + ", this one reads " + VERSION + ")");
        }
        String description = text(in);
        String note = text(in);
        long steps = in.readLong();
        double lossSum = in.readDouble();
        long samples = in.readLong();
        double best = in.readDouble();
        int sinceBest = in.readInt();
        List<Progress.Epoch> epochs = new ArrayList<>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            epochs.add(new Progress.Epoch(
                    in.readInt(),
                    in.readLong(),
                    in.readDouble(),
                    in.readDouble(),
                    new Score(in.readDouble(), in.readDouble(), in.readDouble())));
        }
        Weights weights = Weights.of(tensors(in));
        State state = State.EMPTY;
        int slots = in.readInt();
        for (int i = 0; i < slots; i++) {
            String name = text(in);
            int power = in.readInt();
            int degree = in.readInt();
            boolean fixed = in.readBoolean();
            state = state.with(name, new State.Slot(tensors(in), power, degree, fixed));
        }
        TrainingState at = new TrainingState(new Model(network, weights), state, steps);
        return new Checkpoint(description, note, new Progress(at, lossSum, samples, epochs, best, sinceBest));
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static void tensors(DataOutputStream out, Map<String, Tensor> tensors) throws IOException {
        out.writeInt(tensors.size());
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            text(out, entry.getKey());
            Tensor x = entry.getValue();
            out.writeUTF(x.dtype().name());
            out.writeInt(x.shape().rank());
            for (int size : x.shape().sizes()) {
                out.writeInt(size);
            }
            java.nio.ByteBuffer numbers =
                    java.nio.ByteBuffer.allocate(x.size() * (x.dtype() == DType.F32 ? Float.BYTES : Double.BYTES));
            for (double value : x.data()) {
                if (x.dtype() == DType.F32) {
                    numbers.putFloat((float) value);
                } else {
                    numbers.putDouble(value);
                }
            }
            out.write(numbers.array());
        }
    }

    private static Map<String, Tensor> tensors(DataInputStream in) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            String name = text(in);
            DType dtype = DType.valueOf(in.readUTF());
            int[] sizes = new int[in.readInt()];
            for (int k = 0; k < sizes.length; k++) {
                sizes[k] = in.readInt();
            }
            Shape shape = Shape.of(sizes);
            double[] data = new double[shape.elements()];
            java.nio.ByteBuffer numbers = java.nio.ByteBuffer.wrap(
                    in.readNBytes(data.length * (dtype == DType.F32 ? Float.BYTES : Double.BYTES)));
            for (int k = 0; k < data.length; k++) {
                data[k] = dtype == DType.F32 ? numbers.getFloat() : numbers.getDouble();
            }
            tensors.put(name, Tensor.of(shape, dtype, data));
        }
        return tensors;
    }
}
