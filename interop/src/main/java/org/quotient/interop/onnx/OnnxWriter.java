package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Weights;
import org.quotient.interop.InteropException;
import org.quotient.interop.WholeFile;

/** Writes a file as read, with other numbers. */
public final class OnnxWriter {
    private OnnxWriter() {}

    /**
     * Writes a copy of a model that differs only in the numbers of its parameters and buffers: order and names of
     * everything, dtype and storage field stay. The file appears whole or not at all.
     *
     * @param original the model as read
     * @param weights new values of all its parameters and buffers
     * @param out where to; an existing file is replaced
     * @throws InteropException if a value is missing or has another shape or dtype, or the file cannot be written
     */
    public static void write(OnnxModel original, Weights weights, Path out) {
        WholeFile.write(out, withWeights(original, weights)::writeTo);
    }

    /** The content of the file that {@link #write} writes. */
    public static ModelProto withWeights(OnnxModel original, Weights weights) {
        Map<String, Tensor> values = new HashMap<>();
        original.storage().forEach((variable, initialiser) -> {
            if (!weights.names().contains(variable)) {
                throw new InteropException(
                        "No new value was given for '" + variable + "'." + Suggestions.of(variable, weights.names()));
            }
            Tensor value = weights.get(variable);
            Tensor other = values.put(initialiser, value);
            if (other != null && !sameNumbers(other, value)) {
                throw new InteropException("The file stores '" + variable + "' together with another weight as '"
                        + initialiser + "' because their numbers were equal; now they differ. Export the network again "
                        + "after a few training steps, so that running statistics are stored on their own.");
            }
        });
        GraphProto.Builder graph = original.proto().getGraph().toBuilder();
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            TensorProto tensor = graph.getInitializer(i);
            Tensor value = values.get(tensor.getName());
            if (value != null && !sameNumbers(requireFit(tensor, value), value)) {
                graph.setInitializer(i, ProtoTensors.withValues(tensor, value));
            }
        }
        return original.proto().toBuilder().setGraph(graph).build();
    }

    private static Tensor requireFit(TensorProto tensor, Tensor value) {
        Tensor old = ProtoTensors.real(tensor);
        if (!old.shape().equals(value.shape()) || old.dtype() != value.dtype()) {
            throw new InteropException("The new value of '" + tensor.getName() + "' is " + value.dtype() + value.shape()
                    + "; the file holds " + old.dtype() + old.shape() + ".");
        }
        return old;
    }

    /** Equal bit for bit, the sign of zero included. */
    private static boolean sameNumbers(Tensor a, Tensor b) {
        return java.util.Arrays.equals(a.data(), b.data());
    }
}
