package org.quotient.cli;

import java.io.Console;

/**
 * How text for people is set off.
 *
 * @param colour whether escape sequences of terminals may be used
 */
record Style(boolean colour) {

    /** Whether a person watches: both ends are a terminal and nobody asked for plain text (no-color.org). */
    static boolean wanted() {
        if (System.getenv("NO_COLOR") != null || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** A heading. */
    String strong(String text) {
        return wrap("1", text);
    }

    /** Less important. */
    String faint(String text) {
        return wrap("2", text);
    }

    /** As it should be. */
    String good(String text) {
        return wrap("32", text);
    }

    /** Not as it should be. */
    String bad(String text) {
        return wrap("31", text);
    }

    private String wrap(String code, String text) {
        return colour && !text.isBlank() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
