package org.quotient.notebooks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/**
 * Runs a notebook's code cells one after the other in this process, through JShell, as a Java kernel would. Any snippet that
 * the compiler refuses, that needs what is not defined by the end of its cell, that is not finished or that throws is a failure.
 */
final class NotebookRunner implements AutoCloseable {
    private final Control control = new Control();
    private final JShell shell;

    /** Executes in this process and keeps the last value itself, where JShell only tells it as text. */
    private static final class Control extends DirectExecutionControl implements ExecutionControlProvider {
        private Object last;

        @Override
        protected String invoke(Method method) throws Exception {
            last = method.invoke(null);
            return valueString(last);
        }

        @Override
        public String name() {
            return "this process";
        }

        @Override
        public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) {
            return this;
        }
    }

    NotebookRunner() {
        shell = JShell.builder().executionEngine(control, Map.of()).build();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            shell.addToClasspath(entry);
        }
    }

    /** What the code cells show, in order. */
    static List<Notebook.Shown> run(Notebook notebook) throws IOException {
        List<Notebook.Shown> all = new ArrayList<>();
        try (NotebookRunner runner = new NotebookRunner()) {
            int number = 0;
            for (ObjectNode cell : notebook.codeCells()) {
                number++;
                all.add(runner.cell(notebook.name() + ", code cell " + number, Notebook.text(cell.get("source"))));
            }
        }
        return all;
    }

    private Notebook.Shown cell(String where, String source) throws IOException {
        PrintStream before = System.out;
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        Object value = null;
        try (PrintStream out = new PrintStream(captured, true, StandardCharsets.UTF_8)) {
            System.setOut(out);
            value = evaluate(where, source);
        } finally {
            System.setOut(before);
        }
        String text = captured.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
        if (value instanceof BufferedImage image) {
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(image, "png", png);
            return new Notebook.Shown(text, Map.of(), png.toByteArray());
        }
        Map<String, String> forms = value == null
                ? Map.of()
                : value instanceof Rich rich ? rich.forms() : Map.of(Rich.PLAIN, String.valueOf(value));
        return new Notebook.Shown(text, forms, new byte[0]);
    }

    /** The value of the cell's last expression, or null. */
    private Object evaluate(String where, String source) {
        Object value = null;
        String rest = source;
        List<Snippet> unresolved = new ArrayList<>();
        while (!rest.isBlank()) {
            CompletionInfo info = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            if (info.completeness() == Completeness.EMPTY) {
                break;
            }
            if (info.completeness() == Completeness.DEFINITELY_INCOMPLETE) {
                throw new AssertionError(where + ": not finished:\n" + rest);
            }
            String snippet = info.source() == null ? rest : info.source();
            value = null;
            for (SnippetEvent event : shell.eval(snippet)) {
                check(where, event);
                if (event.status() == Snippet.Status.RECOVERABLE_DEFINED
                        || event.status() == Snippet.Status.RECOVERABLE_NOT_DEFINED) {
                    unresolved.add(event.snippet());
                }
                value = event.causeSnippet() == null && isShown(event.snippet()) ? control.last : value;
            }
            rest = info.source() == null ? "" : info.remaining();
        }
        for (Snippet snippet : unresolved) {
            List<String> missing = shell.status(snippet) == Snippet.Status.VALID
                    ? List.of()
                    : shell.unresolvedDependencies((jdk.jshell.DeclarationSnippet) snippet)
                            .toList();
            if (!missing.isEmpty()) {
                throw new AssertionError(where + ": not defined: " + missing + " in\n" + snippet.source());
            }
        }
        return value;
    }

    private static boolean isShown(Snippet snippet) {
        return switch (snippet.subKind()) {
            case TEMP_VAR_EXPRESSION_SUBKIND, VAR_VALUE_SUBKIND, OTHER_EXPRESSION_SUBKIND -> true;
            default -> false;
        };
    }

    private void check(String where, SnippetEvent event) {
        if (event.status() == Snippet.Status.REJECTED) {
            String reasons = shell.diagnostics(event.snippet())
                    .map(d -> d.getMessage(Locale.ENGLISH))
                    .collect(Collectors.joining("\n"));
            throw new AssertionError(
                    where + ": refused: " + reasons + "\n" + event.snippet().source());
        }
        JShellException thrown = event.exception();
        if (thrown != null) {
            String what = thrown instanceof EvalException e ? e.getExceptionClassName() + ": " : "";
            throw new AssertionError(
                    where + ": threw " + what + thrown.getMessage() + "\n"
                            + event.snippet().source(),
                    thrown);
        }
    }

    @Override
    public void close() {
        shell.close();
    }
}
