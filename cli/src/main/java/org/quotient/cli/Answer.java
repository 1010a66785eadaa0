package org.quotient.cli;

/** What a command found out, to be printed for programs or for people. */
interface Answer {
    /** Writes the keys of the one JSON object. */
    void json(Json json);

    /** The text for people, lines ended by \n. */
    String text(Style style);

    /** 0, or 1 if a verdict is not the expected one or two things differ. */
    default int exitCode() {
        return 0;
    }
}
