package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** One run of the command in this process. */
record Run(int code, String out, String err) {

    static Run of(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] words = new String[args.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = args[i].toString();
        }
        int code = Main.execute(words, new PrintWriter(out), new PrintWriter(err));
        return new Run(code, out.toString(), err.toString());
    }

    /** The one JSON object on standard output. */
    JsonNode json() throws IOException {
        assertThat(err).isEmpty();
        assertThat(out.lines()).hasSize(1);
        return new ObjectMapper().reader().readTree(out);
    }

    /** The keys of an object, in order. */
    static List<String> keys(JsonNode object) {
        List<String> keys = new ArrayList<>();
        object.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    /** Bad usage or input: nothing but one message that holds some words. */
    void isRefusedWith(String... words) {
        assertThat(code).isEqualTo(2);
        assertThat(out).isEmpty();
        assertThat(err.lines().count()).isBetween(1L, 2L);
        assertThat(err).startsWith("quotient: ").contains(words).doesNotContain("\tat ", "internal error");
    }
}
