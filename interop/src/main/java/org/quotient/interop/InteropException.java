package org.quotient.interop;

/**
 * Something from the outside world is not what it should be: a file that is missing, damaged, or says what Quotient
 * cannot express. The message is for people: what was given, what was expected, what to do.
 */
public final class InteropException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A problem described by its message. */
    public InteropException(String message) {
        super(message);
    }

    /** A problem described by its message, with the exception that revealed it. */
    public InteropException(String message, Throwable cause) {
        super(message, cause);
    }
}
