package org.quotient.experiments.study;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a study has found so far, a line of JSON each with all digits, behind a line with the study's settings. A study that was
 * interrupted goes on where it stopped: what is here is not made again, and a line that was being written is dropped.
 *
 * @param <K> what a finding is known by, as JSON can show it
 * @param <V> a finding, likewise
 */
public final class Kept<K, V> {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Optional<Path> file;
    private final String header;
    private final Names<K, V> names;
    private final Map<K, V> known = new LinkedHashMap<>();

    private Kept(Optional<Path> file, String header, Names<K, V> names) {
        this.file = file;
        this.header = header;
        this.names = names;
    }

    /**
     * What is in a line.
     *
     * @param key the name of what a finding is known by
     * @param keys its type
     * @param value the name of the finding
     * @param values its type
     */
    public record Names<K, V>(String key, Class<K> keys, String value, Class<V> values) {}

    /** What is kept in memory only. */
    public static <K, V> Kept<K, V> inMemory(Names<K, V> names) {
        return new Kept<>(Optional.empty(), "", names);
    }

    /**
     * Opens one, or begins one with its first run.
     *
     * @param file need not exist
     * @param settings of the study, as JSON can show them
     * @param names of its lines
     * @throws IOException if the file is of other settings or another kind, or cannot be read or written
     */
    public static <K, V> Kept<K, V> open(Path file, Object settings, Names<K, V> names) throws IOException {
        String first = JSON.writeValueAsString(Map.of("settings", settings)) + "\n";
        Kept<K, V> kept = new Kept<>(Optional.of(file), first, names);
        String text = Files.exists(file) ? Files.readString(file) : "";
        int end = text.indexOf('\n') + 1;
        if (end == 0) {
            if (!first.startsWith(text)) {
                throw other(file);
            }
            Files.deleteIfExists(file);
            return kept;
        }
        if (!text.substring(0, end).equals(first)) {
            throw other(file);
        }
        for (int next = text.indexOf('\n', end) + 1; next > 0; next = text.indexOf('\n', end) + 1) {
            kept.read(text.substring(end, next), file);
            end = next;
        }
        if (end < text.length()) {
            Files.writeString(file, text.substring(0, end));
        }
        return kept;
    }

    private static IOException other(Path file) {
        return new IOException(
                "'" + file.getFileName()
                        + "' holds runs of other settings, or something else. Run again with --fresh to begin anew without them");
    }

    private void read(String line, Path file) throws IOException {
        try {
            JsonNode entry = JSON.readTree(line);
            known.put(
                    JSON.treeToValue(entry.required(names.key()), names.keys()),
                    JSON.treeToValue(entry.required(names.value()), names.values()));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IOException(
                    "'" + file.getFileName()
                            + "' is damaged: a line of it is no run. Run again with --fresh to begin anew without it",
                    e);
        }
    }

    /**
     * What is known, or is found now and then stored.
     *
     * @throws UncheckedIOException if it cannot be stored
     */
    public V of(K key, Supplier<V> look) {
        V old = known.get(key);
        if (old != null) {
            return old;
        }
        V found = look.get();
        if (file.isPresent()) {
            append(file.get(), key, found);
        }
        known.put(key, found);
        return found;
    }

    private void append(Path to, K key, V found) {
        try {
            Map<String, Object> both = new LinkedHashMap<>();
            both.put(names.key(), key);
            both.put(names.value(), found);
            String line = JSON.writeValueAsString(both) + "\n";
            Path folder = to.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(
                    to,
                    Files.exists(to) ? line : header + line,
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to '" + to.getFileName() + "'", e);
        }
    }

    /** All that is known, in the order in which it was found. */
    public Map<K, V> known() {
        return Collections.unmodifiableMap(known);
    }
}
