package org.quotient.benchmarks.torch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Tensor;

/** A program and its numbers as files for another process: the archive, Python source, and plain little-endian numbers. */
final class RawFiles {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RawFiles() {}

    static void write(TorchProgram program, Path folder) throws IOException {
        Files.write(folder.resolve("program.pt"), TorchArchive.of(program));
        if (program.python().isPresent()) {
            Files.writeString(folder.resolve("loss.py"), program.python().get());
        }
        ObjectNode index = JSON.createObjectNode().put("rate", program.rate());
        index.set("x", tensor(program.x(), type(program.dtype()), folder, "x"));
        index.set("y", tensor(program.y(), program.labels() ? "int64" : type(program.dtype()), folder, "y"));
        ArrayNode parameters = index.putArray("p");
        for (int i = 0; i < program.parameters().size(); i++) {
            parameters.add(tensor(program.parameters().get(i), type(program.dtype()), folder, "p" + i));
        }
        JSON.writeValue(folder.resolve("index.json").toFile(), index);
    }

    static String type(DType dtype) {
        return dtype == DType.F64 ? "float64" : "float32";
    }

    /** Writes the numbers of a tensor and says where they are. */
    static ObjectNode tensor(Tensor values, String type, Path folder, String name) throws IOException {
        int width = type.equals("float32") ? Float.BYTES : Double.BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(width * values.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values.data()) {
            switch (type) {
                case "float32" -> bytes.putFloat((float) value);
                case "float64" -> bytes.putDouble(value);
                default -> bytes.putLong((long) value);
            }
        }
        Files.write(folder.resolve(name + ".bin"), bytes.array());
        ObjectNode entry = JSON.createObjectNode().put("file", name + ".bin").put("type", type);
        ArrayNode shape = entry.putArray("shape");
        for (int size : values.shape().sizes()) {
            shape.add(size);
        }
        return entry;
    }

    /** Deletes a folder with all that is in it. */
    static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
