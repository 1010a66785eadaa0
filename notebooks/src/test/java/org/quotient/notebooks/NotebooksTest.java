package org.quotient.notebooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every notebook of this module runs, and what it stores is what it shows: all text is computed again and compared.
 *
 * <p>After a change that is meant, {@code -Dquotient.notebooks.store=true} writes the new outputs into the notebooks.
 */
class NotebooksTest {
    private static final String STORE = "quotient.notebooks.store";

    /** The notebooks of this module, in order. */
    static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("").toAbsolutePath())) {
            return all.filter(p -> p.toString().endsWith(".ipynb")).sorted().toList();
        }
    }

    @TestFactory
    @DisplayName("runs from top to bottom, and shows what it stores")
    Stream<DynamicTest> notebooks() throws IOException {
        assertThat(files()).as("notebooks of this module").isNotEmpty();
        return files().stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                    Notebook notebook = Notebook.read(file);
                    List<Notebook.Shown> shown = NotebookRunner.run(notebook);
                    if (Boolean.getBoolean(STORE)) {
                        notebook.store(shown);
                        notebook.write(file);
                    }
                    compare(notebook, shown);
                }));
    }

    /** Text must be the same, pictures alike. */
    static void compare(Notebook notebook, List<Notebook.Shown> shown) throws IOException {
        List<ObjectNode> cells = notebook.codeCells();
        for (int i = 0; i < cells.size(); i++) {
            Notebook.Shown stored = Notebook.stored(cells.get(i));
            String where = notebook.name() + ", code cell " + (i + 1) + ", stored output (-D" + STORE
                    + "=true stores what is shown now)";
            assertThat(shown.get(i).text()).as(where).isEqualTo(stored.text());
            assertThat(shown.get(i).value()).as(where).isEqualTo(stored.value());
            samePicture(where, shown.get(i).png(), stored.png());
        }
    }

    /** Fonts differ between machines, so pictures are compared by size and by having something on white. */
    private static void samePicture(String where, byte[] shown, byte[] stored) throws IOException {
        assertThat(shown.length > 0).as(where).isEqualTo(stored.length > 0);
        if (shown.length > 0) {
            BufferedImage now = ImageIO.read(new ByteArrayInputStream(shown));
            BufferedImage then = ImageIO.read(new ByteArrayInputStream(stored));
            assertThat(now.getWidth()).as(where).isEqualTo(then.getWidth());
            assertThat(now.getHeight()).as(where).isEqualTo(then.getHeight());
            assertThat(PlotTest.coloured(then)).as(where).isGreaterThan(100);
        }
    }

    @TestFactory
    @DisplayName("is stored for the Java kernel, without magics, run in order and without errors")
    Stream<DynamicTest> format() throws IOException {
        return files().stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                    Notebook notebook = Notebook.read(file);
                    assertThat(notebook.json().at("/nbformat").asInt()).isEqualTo(4);
                    assertThat(notebook.json().at("/metadata/kernelspec/name").asText())
                            .isEqualTo("java");
                    int count = 0;
                    for (ObjectNode cell : notebook.codeCells()) {
                        assertThat(cell.get("execution_count").asInt()).isEqualTo(++count);
                        assertThat(Notebook.text(cell.get("source")).lines())
                                .noneMatch(line -> line.startsWith("%") || line.startsWith("!"));
                        cell.get("outputs")
                                .forEach(output -> assertThat(
                                                output.get("output_type").asText())
                                        .isIn("stream", "execute_result", "display_data"));
                    }
                }));
    }

    private static Notebook single(String source, String storedText) throws IOException {
        return Notebook.parse("made.ipynb", """
                {"cells": [
                  {"cell_type": "markdown", "source": "words"},
                  {"cell_type": "code", "source": ["int one = 1;"], "outputs": []},
                  {"cell_type": "code", "source": %s,
                   "outputs": [{"output_type": "stream", "name": "stdout", "text": %s}]}
                ]}""".formatted(source, storedText));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("a notebook with a failing cell fails, and the message says where and why")
    @CsvSource(
            delimiter = '|',
            value = {
                "throws       | one / 0;                              | threw java.lang.ArithmeticException: / by zero",
                "refused      | int two = false;                      | refused: incompatible types",
                "undefined    | Nowhere.go();                         | refused: cannot find symbol",
                "unresolved   | int f() { return missing(one); }      | not defined",
                "unfinished   | int g() { return 1;                   | not finished",
                "a class      | class A extends B {}                  | not defined"
            })
    void failingCell(String kind, String source, String reason) throws IOException {
        Notebook notebook = single("\"" + source + "\"", "\"\"");
        Throwable thrown = catchThrowable(() -> NotebookRunner.run(notebook));
        assertThat(thrown).as(kind).isInstanceOf(AssertionError.class);
        assertThat(thrown.getMessage()).contains("made.ipynb, code cell 2").contains(reason);
    }

    @Test
    @DisplayName("a stored number that is not computed again fails; the right one passes")
    void staleOutput() throws IOException {
        String source = "\"System.out.println(one + 1);\"";
        Notebook right = single(source, "\"2\\n\"");
        compare(right, NotebookRunner.run(right));
        Notebook stale = single(source, "\"3\\n\"");
        List<Notebook.Shown> shown = NotebookRunner.run(stale);
        assertThat(catchThrowable(() -> compare(stale, shown)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("code cell 2");
    }

    @Test
    @DisplayName(
            "a cell may hold several statements, forward references, sealed types, comments; its last value is shown")
    void languageOfCells() throws IOException {
        Notebook notebook = single("""
                ["int twice(int n) { return helper(n) + helper(n); }\\n",
                 "int helper(int n) { return n; }\\n",
                 "sealed interface S permits A, B {}\\n", "record A() implements S {}\\n", "record B() implements S {}\\n",
                 "String name(S s) { return switch (s) { case A a -> \\"a\\"; case B b -> \\"b\\"; }; }\\n",
                 "// a comment\\n", "System.out.print(name(new B()));\\n", "twice(21)  // shown\\n"]""", "\"b\"");
        Notebook.Shown shown = NotebookRunner.run(notebook).get(1);
        assertThat(shown.text()).isEqualTo("b");
        assertThat(shown.plain()).isEqualTo("42");
    }
}
