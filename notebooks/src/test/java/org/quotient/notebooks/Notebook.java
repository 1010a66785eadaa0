package org.quotient.notebooks;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** A Jupyter notebook, format 4: what its cells hold, and what they are stored to have shown. */
record Notebook(String name, ObjectNode json) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What a cell shows: text on standard output, then perhaps a value in forms of text by MIME type, or as a picture in PNG. */
    record Shown(String text, Map<String, String> value, byte[] png) {
        /** The value as plain text, empty without one. */
        String plain() {
            return value.getOrDefault(Rich.PLAIN, "");
        }
    }

    static Notebook read(Path file) throws IOException {
        return parse(file.getFileName().toString(), Files.readString(file));
    }

    static Notebook parse(String name, String json) throws IOException {
        return new Notebook(name, (ObjectNode) MAPPER.readTree(json));
    }

    /** The code cells, in order. */
    List<ObjectNode> codeCells() {
        List<ObjectNode> cells = new ArrayList<>();
        for (JsonNode cell : json.get("cells")) {
            if (cell.get("cell_type").asText().equals("code")) {
                cells.add((ObjectNode) cell);
            }
        }
        return cells;
    }

    /** A string of the format, which may be a list of lines. */
    static String text(JsonNode node) {
        if (node.isTextual()) {
            return node.asText();
        }
        StringJoiner joined = new StringJoiner("");
        node.forEach(line -> joined.add(line.asText()));
        return joined.toString();
    }

    /** What a cell is stored to have shown. */
    static Shown stored(ObjectNode cell) {
        StringBuilder text = new StringBuilder();
        Map<String, String> value = new TreeMap<>();
        byte[] png = {};
        for (JsonNode output : cell.get("outputs")) {
            switch (output.get("output_type").asText()) {
                case "stream" -> text.append(text(output.get("text")));
                case "execute_result", "display_data" -> {
                    JsonNode data = output.get("data");
                    if (data.has("image/png")) {
                        png = Base64.getMimeDecoder().decode(text(data.get("image/png")));
                    } else {
                        data.properties().forEach(form -> value.put(form.getKey(), text(form.getValue())));
                    }
                }
                default -> throw new AssertionError("The stored output of a cell is " + output);
            }
        }
        return new Shown(text.toString(), value, png);
    }

    /** Replaces the stored outputs. */
    void store(List<Shown> all) {
        List<ObjectNode> cells = codeCells();
        for (int i = 0; i < cells.size(); i++) {
            Shown shown = all.get(i);
            cells.get(i).put("execution_count", i + 1);
            ArrayNode outputs = cells.get(i).putArray("outputs");
            if (!shown.text().isEmpty()) {
                ObjectNode stream = outputs.addObject();
                stream.put("name", "stdout").put("output_type", "stream");
                lines(stream.putArray("text"), shown.text());
            }
            if (!shown.value().isEmpty() || shown.png().length > 0) {
                ObjectNode result = outputs.addObject();
                ObjectNode data = result.putObject("data");
                if (shown.png().length > 0) {
                    data.put("image/png", Base64.getEncoder().encodeToString(shown.png()));
                } else {
                    new TreeMap<>(shown.value()).forEach((type, content) -> lines(data.putArray(type), content));
                }
                result.put("execution_count", i + 1).putObject("metadata");
                result.put("output_type", "execute_result");
            }
        }
    }

    private static void lines(ArrayNode array, String text) {
        text.lines().map(line -> line + "\n").forEach(array::add);
        if (!text.endsWith("\n")) {
            array.set(array.size() - 1, array.get(array.size() - 1).asText().stripTrailing());
        }
    }

    void write(Path file) throws IOException {
        DefaultIndenter indenter = new DefaultIndenter(" ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(
                Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER));
        printer.indentArraysWith(indenter);
        printer.indentObjectsWith(indenter);
        Files.writeString(file, MAPPER.writer(printer).writeValueAsString(json) + "\n");
    }
}
