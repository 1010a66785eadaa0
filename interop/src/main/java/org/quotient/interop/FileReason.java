package org.quotient.interop;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file cannot be read or written, in words. */
public final class FileReason {
    private FileReason() {}

    /**
     * The reason, without the name of the file, which the system's message often is alone.
     *
     * @param e what was thrown
     */
    public static String of(IOException e) {
        String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        return switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException none -> "there is no such file or folder";
            default -> reason == null || reason.isBlank() ? "the system refuses it" : reason;
        };
    }
}
