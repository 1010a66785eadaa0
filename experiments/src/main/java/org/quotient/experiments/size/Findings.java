package org.quotient.experiments.size;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The finished cases of a study, a line of JSON each behind a line with its settings: an interrupted study goes on behind them. */
public final class Findings {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A finished case. */
    private record Line(String name, Finding finding) {}

    private final Optional<Path> file;
    private final Map<String, Finding> known = new LinkedHashMap<>();

    private Findings(Optional<Path> file) {
        this.file = file;
    }

    /** Kept in memory only. */
    public static Findings inMemory() {
        return new Findings(Optional.empty());
    }

    /**
     * Opens or begins a file; a last line that was being written is dropped.
     *
     * @param file need not exist
     * @param settings of the study, as JSON can show them
     * @throws IOException if the file is of other settings, or cannot be read or written
     */
    public static Findings open(Path file, Object settings) throws IOException {
        String header = JSON.writeValueAsString(Map.of("settings", settings)) + "\n";
        String text = Files.exists(file) ? Files.readString(file) : "";
        if (!text.isEmpty() && !text.startsWith(header)) {
            throw new IOException(
                    "'" + file.getFileName()
                            + "' holds runs of other settings, or something else. Run again with --fresh to begin anew without them");
        }
        Findings findings = new Findings(Optional.of(file));
        StringBuilder kept = new StringBuilder(header);
        int end = text.indexOf('\n') + 1;
        for (int next = text.indexOf('\n', end) + 1; end > 0 && next > 0; next = text.indexOf('\n', end) + 1) {
            String line = text.substring(end, next);
            findings.read(line, file);
            kept.append(line);
            end = next;
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.writeString(file, kept);
        return findings;
    }

    private void read(String text, Path from) throws IOException {
        try {
            JsonNode entry = JSON.readTree(text);
            Line line = JSON.treeToValue(entry, Line.class);
            known.put(line.name(), line.finding());
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IOException(
                    "'" + from.getFileName()
                            + "' is damaged: a line of it is no run. Run again with --fresh to begin anew without it",
                    e);
        }
    }

    /**
     * The finding of a case: the one known, or that of looking now, which is then stored.
     *
     * @throws UncheckedIOException if it cannot be stored
     */
    Finding of(String name, Supplier<Finding> look) {
        Finding old = known.get(name);
        if (old != null) {
            return old;
        }
        Finding found = look.get();
        if (file.isPresent()) {
            try {
                Files.writeString(
                        file.get(),
                        JSON.writeValueAsString(new Line(name, found)) + "\n",
                        java.nio.file.StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot write to '" + file.get().getFileName() + "'", e);
            }
        }
        known.put(name, found);
        return found;
    }
}
