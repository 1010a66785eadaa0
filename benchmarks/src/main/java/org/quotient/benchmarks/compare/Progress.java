package org.quotient.benchmarks.compare;

import java.io.Console;
import java.io.PrintWriter;
import java.util.function.Consumer;

/** One line on a terminal that says what is going on; silent where there is none. */
public final class Progress implements Consumer<String> {
    private static final String ERASE = "\r\u001b[K";

    private final PrintWriter to;
    private final boolean shown;

    /** On this writer. */
    public Progress(PrintWriter to) {
        this.to = to;
        Console console = System.console();
        this.shown = console != null && console.isTerminal();
    }

    @Override
    public void accept(String what) {
        if (shown) {
            to.print(ERASE + what);
            to.flush();
        }
    }

    /** Takes the line away. */
    public void clear() {
        if (shown) {
            to.print(ERASE);
            to.flush();
        }
    }
}
