package org.quotient.notebooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;

/** Formulas and tables have a rich form and a plain one, and a kernel gets both in its own bundle. */
class ShowTest {
    private static final Expr X = Expr.input("x", DType.F64, Shape.of(2));
    private static final Expr F = X.times(X).sum();
    private static final Table TABLE =
            Table.of("name", "count").row("a < b & $c", 3).row("λ", "1,024");

    /** A bundle as IJava and JJava have it. */
    public static final class Constructed {
        final Map<String, Object> data = new LinkedHashMap<>();

        /** With plain text. */
        public Constructed(String text) {
            data.put("text/plain", text);
        }

        /** One more form. */
        public void putData(String type, Object content) {
            data.put(type, content);
        }
    }

    /** A bundle as rapaio's kernel has it, without a public constructor. */
    public static final class Made {
        final Map<String, Object> data = new LinkedHashMap<>();

        private Made() {}

        /** With plain text. */
        public static Made fromText(String text) {
            Made made = new Made();
            made.putData("text/plain", text);
            return made;
        }

        /** One more form. */
        public void putData(String type, Object content) {
            data.put(type, content);
        }
    }

    /** A bundle of some other version. */
    public static final class Unknown {}

    @Test
    @DisplayName("a formula is LaTeX in mathematical mode, and infix text")
    void formulas() {
        Formulas both = Formulas.of("f", F).and("\\partial_x f", X.times(2));
        assertThat(both.rich().forms().get("text/latex"))
                .startsWith("$\\displaystyle\n\\begin{aligned}\nf &= \\left\\lVert x \\right\\rVert^2")
                .contains("\\partial_x f &= ")
                .endsWith("\\end{aligned}\n$");
        assertThat(both.toString()).isEqualTo("f = sum(x * x)\npartial_x f = x * 2");
        assertThat(both.rich().toString()).isEqualTo(both.toString());
    }

    @Test
    @DisplayName("a table is aligned text, numbers flush right, and HTML without stray marks")
    void table() {
        assertThat(TABLE.toString()).isEqualTo("""
                name        count
                a < b & $c      3
                λ           1,024""");
        String html = TABLE.rich().forms().get("text/html");
        assertThat(html).startsWith("<table").endsWith("</table>").contains("a &lt; b &amp; &#36;c");
        assertThat(html.split("text-align:right", -1)).hasSize(1 + 3);
        assertThat(catchThrowable(() -> TABLE.row("too", "many", "entries")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[name, count]");
        assertThat(TABLE.rows()).hasSize(2);
    }

    @Test
    @DisplayName("outside of a kernel a value stays itself, and its text is plain")
    void noKernel() {
        assertThat(TABLE.show()).isEqualTo(TABLE.rich()).hasToString(TABLE.toString());
        assertThat(catchThrowable(() -> new Rich(Map.of("text/html", "<b>"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("text/plain");
    }

    @Test
    @DisplayName("a kernel's bundle holds every form; one that is not understood leaves plain text")
    void kernels() {
        Rich rich = TABLE.rich();
        Map<String, Object> forms = new LinkedHashMap<>(rich.forms());
        Object constructed = Kernels.shown(rich, List.of("no.such.Bundle", Constructed.class.getName()));
        assertThat(((Constructed) constructed).data).isEqualTo(forms);
        Object made = Kernels.shown(rich, List.of(Made.class.getName()));
        assertThat(((Made) made).data).isEqualTo(forms);
        assertThat(Kernels.shown(rich, List.of(Unknown.class.getName()))).isSameAs(rich);
    }
}
