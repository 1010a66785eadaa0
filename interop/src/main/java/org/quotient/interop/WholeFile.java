package org.quotient.interop;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Writes a file whole or not at all: to a temporary file in the same folder, then moved. */
public final class WholeFile {
    /** What writes the bytes. */
    public interface Content {
        /** Writes all bytes. */
        void writeTo(OutputStream out) throws IOException;
    }

    private static final int MOST_LINKS = 40;

    private WholeFile() {}

    /**
     * Writes a file.
     *
     * @param out where to; an existing file is replaced and keeps its permissions, of a symbolic link the file that it points to
     * @param content what writes the bytes
     * @throws InteropException if that fails; nothing is left behind then
     */
    public static void write(Path out, Content content) {
        Path absolute;
        try {
            absolute = target(out);
        } catch (IOException e) {
            throw new InteropException("'" + out + "' cannot be written: " + why(e) + ".", e);
        }
        Path folder = absolute.getParent();
        if (Files.isDirectory(absolute) || folder == null) {
            throw new InteropException("'" + out + "' is a directory; expected the name of a file to write.");
        }
        if (!Files.isDirectory(folder)) {
            throw new InteropException(
                    "'" + out + "' cannot be written: there is no folder '" + folder + "'. Make it first.");
        }
        Path temporary = null;
        try {
            Path fresh = folder.resolve(".quotient-" + UUID.randomUUID() + ".tmp");
            try (OutputStream file = Files.newOutputStream(fresh, StandardOpenOption.CREATE_NEW);
                    OutputStream stream = new BufferedOutputStream(file, 1 << 16)) {
                temporary = fresh;
                content.writeTo(stream);
            }
            keepPermissions(absolute, temporary);
            move(temporary, absolute);
            temporary = null;
        } catch (IOException e) {
            throw new InteropException(
                    "'" + out + "' cannot be written: " + why(e)
                            + ". Check the permissions and the space that is left.",
                    e);
        } finally {
            remove(temporary);
        }
    }

    private static String why(IOException e) {
        return e instanceof NoSuchFileException ? "its folder takes no new files" : FileReason.of(e);
    }

    /**
     * Where a chain of symbolic links ends, whether anything is there or not: what is written when a file of that name is.
     *
     * @param file any path
     * @throws IOException if a link cannot be read
     */
    public static Path target(Path file) throws IOException {
        List<Path> chain = chain(file);
        return chain.get(chain.size() - 1);
    }

    /**
     * A file, what it links to, and so on.
     *
     * @param file any path
     * @return absolute paths whose folders are no links, the first of the file itself
     * @throws IOException if a link cannot be read
     */
    public static List<Path> chain(Path file) throws IOException {
        List<Path> chain = new ArrayList<>();
        Path at = inRealFolder(file.toAbsolutePath());
        chain.add(at);
        while (Files.isSymbolicLink(at) && chain.size() <= MOST_LINKS) {
            // Not normalised: ".." behind a folder that is a link leads elsewhere than the text says.
            at = inRealFolder(at.resolveSibling(Files.readSymbolicLink(at)));
            chain.add(at);
        }
        return chain;
    }

    private static Path inRealFolder(Path file) throws IOException {
        Path folder = file.getParent();
        Path name = file.getFileName();
        return folder == null || name == null || !Files.isDirectory(folder)
                ? file.normalize()
                : folder.toRealPath().resolve(name).normalize();
    }

    /** An existing file keeps its permissions, where there are such. */
    private static void keepPermissions(Path from, Path to) throws IOException {
        PosixFileAttributeView old = Files.getFileAttributeView(from, PosixFileAttributeView.class);
        PosixFileAttributeView fresh = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (Files.exists(from) && old != null && fresh != null) {
            fresh.setPermissions(old.readAttributes().permissions());
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void remove(@org.jspecify.annotations.Nullable Path temporary) {
        if (temporary != null) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                temporary.toFile().deleteOnExit();
            }
        }
    }
}
