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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The finished runs of a study, a line of JSON each with all digits, behind a line with the study's settings. A study that was
 * interrupted goes on where it stopped: runs that are here are not made again, and a line that was being written is dropped.
 */
public final class Journal {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Optional<Path> file;
    private final String header;
    private final Map<Job, Outcome> known = new LinkedHashMap<>();

    private Journal(Optional<Path> file, String header) {
        this.file = file;
        this.header = header;
    }

    /** One that is kept in memory only. */
    public static Journal inMemory() {
        return new Journal(Optional.empty(), "");
    }

    /**
     * Opens one, or begins one with its first run.
     *
     * @param file need not exist
     * @param settings of the study, as JSON can show them
     * @throws IOException if the file is of other settings or another kind, or cannot be read or written
     */
    public static Journal open(Path file, Object settings) throws IOException {
        String first = JSON.writeValueAsString(Map.of("settings", settings)) + "\n";
        Journal journal = new Journal(Optional.of(file), first);
        String text = Files.exists(file) ? Files.readString(file) : "";
        int end = text.indexOf('\n') + 1;
        if (end == 0) {
            if (!first.startsWith(text)) {
                throw other(file);
            }
            Files.deleteIfExists(file);
            return journal;
        }
        if (!text.substring(0, end).equals(first)) {
            throw other(file);
        }
        for (int next = text.indexOf('\n', end) + 1; next > 0; next = text.indexOf('\n', end) + 1) {
            journal.read(text.substring(end, next), file);
            end = next;
        }
        if (end < text.length()) {
            Files.writeString(file, text.substring(0, end));
        }
        return journal;
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
                    JSON.treeToValue(entry.required("job"), Job.class),
                    JSON.treeToValue(entry.required("outcome"), Outcome.class));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IOException(
                    "'" + file.getFileName()
                            + "' is damaged: a line of it is no run. Run again with --fresh to begin anew without it",
                    e);
        }
    }

    /**
     * The outcome of a run: the one known, or that of making it now, which is then stored.
     *
     * @throws UncheckedIOException if it cannot be stored
     */
    public Outcome of(Job job, Supplier<Outcome> run) {
        Outcome found = known.get(job);
        if (found != null) {
            return found;
        }
        Outcome made = run.get();
        if (file.isPresent()) {
            append(file.get(), new Entry(job, made));
        }
        known.put(job, made);
        return made;
    }

    private void append(Path to, Entry entry) {
        try {
            String line = JSON.writeValueAsString(entry) + "\n";
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

    /** All runs, in the order in which they were made. */
    public List<Entry> entries() {
        List<Entry> all = new ArrayList<>();
        known.forEach((job, outcome) -> all.add(new Entry(job, outcome)));
        return all;
    }
}
