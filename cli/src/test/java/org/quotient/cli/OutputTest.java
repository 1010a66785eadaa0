package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How results and problems are written. */
class OutputTest {
    private static String reported(Throwable problem) {
        StringWriter err = new StringWriter();
        assertThat(Problems.report(problem, new PrintWriter(err, true))).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1);
        return err.toString();
    }

    @Test
    @DisplayName("JSON keeps the order of keys; numbers that are not finite become null")
    void json() {
        String text = Json.object(out -> out.put("z", 1L)
                .put("a", Double.NaN)
                .put("b", Double.NEGATIVE_INFINITY)
                .put("c", 0.5)
                .put("none", (String) null)
                .numbers("list", new double[] {1, Double.POSITIVE_INFINITY})
                .put("inner", in -> in.put("yes", true).integers("p", List.of(2, 3)))
                .objects("each", List.of("x", "y"), (in, item) -> in.put("item", item))
                .strings("words", List.of("\"", "\n")));
        assertThat(text)
                .isEqualTo("{\"z\":1,\"a\":null,\"b\":null,\"c\":0.5,\"none\":null,\"list\":[1.0,null],"
                        + "\"inner\":{\"yes\":true,\"p\":[2,3]},\"each\":[{\"item\":\"x\"},{\"item\":\"y\"}],"
                        + "\"words\":[\"\\\"\",\"\\n\"]}");
    }

    @Test
    @DisplayName("tables align words to the left and numbers, with separators, to the right")
    void table() {
        Table table = new Table("NAME", "COUNT#")
                .row("a", 5)
                .row("longer", 1_234_567L)
                .remark("more");
        assertThat(table.text(new Style(false)))
                .isEqualTo("NAME        COUNT\na               5\nlonger  1,234,567\n    more\n");
        assertThat(table.text(new Style(true))).contains("\u001b[1mNAME");
    }

    @Test
    @DisplayName("errors of the machine say what to do; unexpected ones ask for a report; none shows a stack trace")
    void problems() {
        assertThat(reported(new OutOfMemoryError("Java heap space"))).contains("not enough memory", "-Xmx8g");
        assertThat(reported(new StackOverflowError())).contains("-Xss");
        assertThat(reported(new IllegalStateException("first\n  second")))
                .contains("internal error", "java.lang.IllegalStateException: first; second", "report it");
        assertThat(reported(new BadInput("given 1, expected 2"))).isEqualTo("quotient: given 1, expected 2\n");
    }
}
