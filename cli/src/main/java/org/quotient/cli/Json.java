package org.quotient.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One JSON object under construction; keys appear in the order in which they are put. Non-finite numbers become null. */
final class Json {
    private final JsonGenerator out;

    private Json(JsonGenerator out) {
        this.out = out;
    }

    /** What Jackson does that may fail; writing to a string does not. */
    private interface Step {
        void run() throws IOException;
    }

    private Json step(Step step) {
        try {
            step.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of an object, on one line. */
    static String object(Consumer<Json> content) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            out.writeStartObject();
            content.accept(new Json(out));
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    Json put(String key, long value) {
        return step(() -> out.writeNumberField(key, value));
    }

    Json put(String key, double value) {
        return step(() -> {
            out.writeFieldName(key);
            number(value);
        });
    }

    Json put(String key, boolean value) {
        return step(() -> out.writeBooleanField(key, value));
    }

    Json put(String key, @Nullable String value) {
        return step(() -> out.writeStringField(key, value));
    }

    /** An object within. */
    Json put(String key, Consumer<Json> content) {
        step(() -> out.writeObjectFieldStart(key));
        content.accept(this);
        return step(out::writeEndObject);
    }

    /** A list of objects. */
    <T> Json objects(String key, Iterable<T> items, BiConsumer<Json, T> content) {
        step(() -> out.writeArrayFieldStart(key));
        for (T item : items) {
            step(out::writeStartObject);
            content.accept(this, item);
            step(out::writeEndObject);
        }
        return step(out::writeEndArray);
    }

    /** A list of whole numbers. */
    Json integers(String key, Iterable<Integer> values) {
        return step(() -> {
            out.writeArrayFieldStart(key);
            for (int value : values) {
                out.writeNumber(value);
            }
            out.writeEndArray();
        });
    }

    /** A list of numbers. */
    Json numbers(String key, double[] values) {
        return step(() -> {
            out.writeArrayFieldStart(key);
            for (double value : values) {
                number(value);
            }
            out.writeEndArray();
        });
    }

    /** A list of texts. */
    Json strings(String key, Iterable<String> values) {
        return step(() -> {
            out.writeArrayFieldStart(key);
            for (String value : values) {
                out.writeString(value);
            }
            out.writeEndArray();
        });
    }

    private void number(double value) throws IOException {
        if (Double.isFinite(value)) {
            out.writeNumber(value);
        } else {
            out.writeNull();
        }
    }
}
