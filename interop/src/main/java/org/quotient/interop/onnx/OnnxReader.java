package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.interop.FileReason;
import org.quotient.interop.InteropException;

/**
 * Reads ONNX files of opset 11 to 21 in single or double precision.
 *
 * <p>Trainable parameters are the floating-point initialisers of rank 1 and more that reach an output by arithmetic, in
 * the order of the file; Constant nodes and rank-0 initialisers are constants; running statistics of BatchNormalization
 * are buffers. A fixed leading size of the inputs is read as the batch unless an operator forbids it; where an operator
 * merges a symbolic batch with other axes, the network is read for a batch of one. Every expression carries the name of
 * the node it came from.
 */
public final class OnnxReader {
    private static final int OLDEST = 11;
    private static final int NEWEST = 21;
    private static final long LARGEST = Integer.MAX_VALUE - 64;

    private OnnxReader() {}

    /**
     * What a reader may be told.
     *
     * @param constants names of initialisers that are constants although they could be trained
     */
    public record Options(Set<String> constants) {
        /** Copies the set. */
        public Options {
            constants = Set.copyOf(constants);
        }

        /** No further constants. */
        public static Options standard() {
            return new Options(Set.of());
        }
    }

    /** Reads a file with the standard options; see {@link #read(Path, Options)}. */
    public static OnnxModel read(Path file) {
        return read(file, Options.standard());
    }

    /**
     * Reads a file.
     *
     * @param file an ONNX file of one piece
     * @param options names of further constants
     * @return the network at the point that the file holds; numbers are decoded when first asked for
     * @throws InteropException if the file cannot be read, is damaged, or holds what is not supported
     */
    public static OnnxModel read(Path file, Options options) {
        return of(parse(file), name(file), options);
    }

    /**
     * Reads a model that is in memory.
     *
     * @param proto the model
     * @param name what the network is called
     * @param options names of further constants
     * @throws InteropException as {@link #read(Path, Options)}
     */
    public static OnnxModel of(ModelProto proto, String name, Options options) {
        if (!proto.hasGraph() || proto.getGraph().getOutputCount() == 0) {
            throw new InteropException(
                    "'" + name + "' is not an ONNX model: it holds no graph with outputs. Expected a "
                            + "file written by an ONNX exporter; it may be damaged or incomplete.");
        }
        GraphProto graph = proto.getGraph();
        if (graph.getSparseInitializerCount() > 0) {
            throw new InteropException("'" + name + "' holds sparse initialisers, which are not supported. Export with "
                    + "dense weights.");
        }
        int opset = opset(proto, name);
        Map<String, TensorProto> initialisers = initialisers(graph, options);
        List<NodeProto> order = NodeOrder.of(graph);
        Translation translation = new Translation(graph, opset, options.constants(), BatchReading.SYMBOLIC);
        Network network;
        try {
            network = translation.run(order, name);
        } catch (InteropException e) {
            Translation fixed = new Translation(graph, opset, options.constants(), BatchReading.FIXED);
            network = runFixed(translation, fixed, order, name, e);
            translation = fixed;
        }
        Map<String, String> storage = translation.storage();
        Weights weights = Weights.lazy(network, variable -> {
            TensorProto tensor = initialisers.get(storage.getOrDefault(variable, variable));
            if (tensor == null) {
                throw new InteropException(
                        "There is no weight '" + variable + "'." + Suggestions.of(variable, storage.keySet()));
            }
            return ProtoTensors.real(tensor);
        });
        return new OnnxModel(proto, new Model(network, weights), storage);
    }

    /** The second attempt, with fixed sizes; the error is that of the attempt that reads the file as it stands. */
    private static Network runFixed(
            Translation first, Translation fixed, List<NodeProto> order, String name, InteropException refusal) {
        if (!first.hasBatch()) {
            throw refusal;
        }
        try {
            return fixed.run(order, name);
        } catch (InteropException e) {
            throw first.replacedFixedBatch() ? e : refusal;
        }
    }

    /** The names of the operators that can be read. */
    public static SortedSet<String> supportedOperators() {
        return OperatorTable.supported();
    }

    private static Map<String, TensorProto> initialisers(GraphProto graph, Options options) {
        Map<String, TensorProto> initialisers = new HashMap<>();
        for (TensorProto tensor : graph.getInitializerList()) {
            if (initialisers.put(tensor.getName(), tensor) != null) {
                throw new InteropException("Two initialisers are called '" + tensor.getName()
                        + "'; in an ONNX graph each name is given once. The file is damaged.");
            }
        }
        for (String constant : options.constants()) {
            if (!initialisers.containsKey(constant)) {
                throw new InteropException("There is no initialiser '" + constant + "' to treat as a constant."
                        + Suggestions.of(constant, initialisers.keySet()));
            }
        }
        return initialisers;
    }

    private static int opset(ModelProto proto, String name) {
        for (OperatorSetIdProto opset : proto.getOpsetImportList()) {
            if (opset.getDomain().isEmpty() || opset.getDomain().equals("ai.onnx")) {
                long version = opset.getVersion();
                if (version < OLDEST || version > NEWEST) {
                    throw new InteropException("'" + name + "' uses opset " + version + "; supported are " + OLDEST
                            + " to " + NEWEST + ". Export again with such an opset version.");
                }
                return (int) version;
            }
        }
        throw new InteropException(
                "'" + name + "' does not say which ONNX operator set it uses. The file is damaged or " + "incomplete.");
    }

    private static ModelProto parse(Path file) {
        if (Files.isDirectory(file)) {
            throw new InteropException("'" + file + "' is a directory; expected an ONNX file.");
        }
        if (!Files.exists(file)) {
            throw new InteropException("There is no file '" + file + "'; expected an ONNX file. Check the path.");
        }
        try {
            long size = Files.size(file);
            if (size == 0 || size > LARGEST) {
                throw new InteropException("'" + file + "' has " + size + " bytes; an ONNX file has at least one and "
                        + "less than 2 GiB.");
            }
            return parse(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw new InteropException("'" + file + "' cannot be read: " + FileReason.of(e) + ".", e);
        } catch (OutOfMemoryError e) {
            throw new InteropException("'" + file + "' does not fit in memory. Give Java more with -Xmx.", e);
        }
    }

    /** The model that the bytes of a file hold; the array is used, not copied. */
    static ModelProto parse(byte[] content, String name) {
        try {
            CodedInputStream in = UnsafeByteOperations.unsafeWrap(content).newCodedInput();
            in.enableAliasing(true);
            return ModelProto.parseFrom(in);
        } catch (IOException e) {
            throw new InteropException(
                    "'" + name + "' is not an ONNX model, or is damaged or incomplete (" + e.getMessage()
                            + "). Expected a file written by an ONNX exporter.",
                    e);
        }
    }

    private static String name(Path file) {
        Path last = file.getFileName();
        String name = last == null ? file.toString() : last.toString();
        return name.endsWith(".onnx") ? name.substring(0, name.length() - ".onnx".length()) : name;
    }
}
