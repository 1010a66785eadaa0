package org.quotient.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Standard output, which remembers that an answer could not be written: writers of text do not tell. */
final class Delivery extends FilterOutputStream {
    private @Nullable IOException failed;

    Delivery(OutputStream out) {
        super(out);
    }

    /** What went wrong, if anything did; a reader that has read enough and gone is nothing wrong. */
    Optional<BadInput> failure() {
        IOException e = failed;
        if (e == null || String.valueOf(e.getMessage()).contains("Broken pipe")) {
            return Optional.empty();
        }
        return Optional.of(new BadInput("the answer cannot be written to standard output: " + e.getMessage() + ".", e));
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        try {
            out.write(bytes, from, count);
        } catch (IOException e) {
            failed = e;
            throw e;
        }
    }
}
