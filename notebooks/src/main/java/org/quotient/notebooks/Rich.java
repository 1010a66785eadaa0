package org.quotient.notebooks;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A value in several forms of the same content, of which a front end shows the best that it can. Its text is the plain form, so
 * a console, a debugger or a kernel that knows nothing of it shows that.
 *
 * @param forms by MIME type, such as {@code text/html} or {@code text/latex}; {@code text/plain} is among them
 */
public record Rich(Map<String, String> forms) {
    static final String PLAIN = "text/plain";
    static final String HTML = "text/html";
    static final String LATEX = "text/latex";

    /**
     * Keeps its own copy.
     *
     * @throws IllegalArgumentException without a plain form
     */
    public Rich {
        if (!forms.containsKey(PLAIN)) {
            throw new IllegalArgumentException("A value to be shown needs a form of type " + PLAIN
                    + ", for where nothing else can be shown; given " + forms.keySet());
        }
        forms = Collections.unmodifiableMap(new LinkedHashMap<>(forms));
    }

    /** The plain form. */
    @Override
    public String toString() {
        return forms.getOrDefault(PLAIN, "");
    }
}
