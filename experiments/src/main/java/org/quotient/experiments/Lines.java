package org.quotient.experiments;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;

/**
 * Writes JSON with a line for each component of the outermost object and for each element of those, and nothing between what is deeper:
 * files of many runs stay short and can still be compared line by line.
 */
final class Lines extends DefaultPrettyPrinter {
    private static final long serialVersionUID = 1;
    private static final int LEVELS = 2;

    Lines() {
        super(Separators.createDefaultInstance()
                .withRootSeparator("\n")
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER));
        indentObjectsWith(new Indent());
        indentArraysWith(new Indent());
    }

    @Override
    public DefaultPrettyPrinter createInstance() {
        return new Lines();
    }

    @Override
    public void writeEndObject(JsonGenerator out, int fields) throws IOException {
        end(out, '}');
    }

    @Override
    public void writeEndArray(JsonGenerator out, int elements) throws IOException {
        end(out, ']');
    }

    /** What was opened on a line of its own is closed on one. */
    private void end(JsonGenerator out, char bracket) throws IOException {
        _nesting--;
        if (_nesting < LEVELS) {
            _objectIndenter.writeIndentation(out, _nesting);
        }
        out.writeRaw(bracket);
    }

    private static final class Indent implements DefaultPrettyPrinter.Indenter {
        @Override
        public void writeIndentation(JsonGenerator out, int level) throws IOException {
            if (level <= LEVELS) {
                out.writeRaw("\n" + "  ".repeat(level));
            }
        }

        @Override
        public boolean isInline() {
            return false;
        }
    }
}
