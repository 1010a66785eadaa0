package org.quotient.experiments;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The files of an experiment. Nothing is written before all of them are there, and a folder of an earlier run is replaced in
 * one move: an interrupted run changes nothing.
 */
public final class ResultFolder {
    private static final int DIGITS = 6;

    private final Map<String, byte[]> files = new LinkedHashMap<>();

    /** Adds a file. */
    public ResultFolder add(String name, byte[] content) {
        files.put(name, content);
        return this;
    }

    /** Adds a text in UTF-8. */
    public ResultFolder add(String name, String text) {
        return add(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Adds a record as JSON: numbers with six significant digits, null for those that are not finite; a line for each of the record's
     * components, and for each element of one.
     */
    public ResultFolder json(String name, Object value) throws IOException {
        SimpleModule numbers =
                new SimpleModule().addSerializer(Double.class, new Rounded()).addSerializer(Double.TYPE, new Rounded());
        byte[] text =
                new ObjectMapper().registerModule(numbers).writer(new Lines()).writeValueAsBytes(value);
        return add(name, new String(text, StandardCharsets.UTF_8) + "\n");
    }

    /** Writes a number short. */
    private static final class Rounded extends StdSerializer<Double> {
        private static final long serialVersionUID = 1;

        Rounded() {
            super(Double.class);
        }

        @Override
        public void serialize(Double value, JsonGenerator out, SerializerProvider provider) throws IOException {
            if (!Double.isFinite(value)) {
                out.writeNull();
            } else {
                out.writeNumber(new BigDecimal(value)
                        .round(new MathContext(DIGITS))
                        .stripTrailingZeros()
                        .toString());
            }
        }
    }

    /** The names, in order. */
    public List<String> names() {
        return List.copyOf(files.keySet());
    }

    /**
     * Writes all files to a folder, which then holds nothing else.
     *
     * @param folder is made if it is not there; a folder that was not written by an experiment is refused
     * @throws IOException if the folder has other contents than an experiment's, or cannot be written
     */
    public void writeTo(Path folder) throws IOException {
        Path to = folder.toAbsolutePath().normalize();
        check(to);
        Path parent = to.getParent();
        if (parent == null) {
            throw new IOException("The root of the file system is no place for results");
        }
        Files.createDirectories(parent);
        Path fresh = Files.createTempDirectory(parent, "." + to.getFileName() + "-");
        Path old = fresh.resolveSibling(fresh.getFileName() + "-old");
        try {
            // Temporary directories are for their owner alone; results are for everyone.
            Path content = Files.createDirectory(fresh.resolve("content"));
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Files.write(content.resolve(file.getKey()), file.getValue());
            }
            if (Files.exists(to)) {
                Files.move(to, old);
            }
            Files.move(content, to);
        } finally {
            if (Files.exists(old) && !Files.exists(to)) {
                Files.move(old, to);
            }
            delete(fresh);
            delete(old);
        }
    }

    /** Results may replace results, but nothing else. */
    private static void check(Path to) throws IOException {
        if (!Files.exists(to)) {
            return;
        }
        try (Stream<Path> inside = Files.list(to)) {
            List<Path> all = inside.toList();
            boolean ours = all.isEmpty()
                    || all.stream().allMatch(f -> Files.isRegularFile(f) && kind(f))
                            && all.stream().anyMatch(f -> f.endsWith("README.md"))
                            && all.stream().anyMatch(f -> f.endsWith("results.json"));
            if (!ours) {
                throw new IOException(
                        "'" + to.getFileName() + "' has files that no experiment wrote; choose another folder");
            }
        }
    }

    private static boolean kind(Path file) {
        return Stream.of(".md", ".json", ".jsonl", ".png").anyMatch(file.toString()::endsWith);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
