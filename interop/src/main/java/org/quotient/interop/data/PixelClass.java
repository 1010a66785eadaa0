package org.quotient.interop.data;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.quotient.interop.InteropException;

/**
 * A class of pixels, a line of {@code classes.txt}: {@code id name red green blue}. Lines that begin with {@code #} and empty
 * ones do not count.
 *
 * @param id the value of its pixels in label pictures, 0 to 255
 * @param name one word
 * @param red of the colour to display it in, 0 to 255
 * @param green likewise
 * @param blue likewise
 */
public record PixelClass(int id, String name, int red, int green, int blue) {
    private static final Set<String> VOID = Set.of("void", "unlabelled", "unlabeled", "ignore", "ignored");
    private static final int FIELDS = 5;

    /** Whether this means no class: a name such as Void or Unlabelled, in any case. */
    public boolean isVoid() {
        return VOID.contains(name.toLowerCase(Locale.ROOT));
    }

    /**
     * Reads {@code classes.txt}.
     *
     * @param file of that format
     * @return in the order of the file; at least one that is not void, at most one that is
     * @throws InteropException if there is no such file or a line is not of that format
     */
    public static List<PixelClass> read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new InteropException(
                    "'" + file + "' is not text in UTF-8; expected lines 'id name red green blue'.", e);
        } catch (IOException e) {
            throw new InteropException(
                    "'" + file + "' cannot be read; expected a file with lines 'id name red green blue', one a class.",
                    e);
        }
        List<PixelClass> classes = new ArrayList<>();
        Set<Integer> ids = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                PixelClass found = parse(line, "'" + file + "', line " + (i + 1));
                if (!ids.add(found.id()) || !names.add(found.name())) {
                    throw new InteropException("'" + file + "', line " + (i + 1) + ": a second class of id "
                            + found.id() + " or of name " + found.name() + ".");
                }
                classes.add(found);
            }
        }
        long real = classes.stream().filter(c -> !c.isVoid()).count();
        if (real == 0 || classes.size() - real > 1) {
            throw new InteropException("'" + file + "' has " + real + " classes and " + (classes.size() - real)
                    + " names of void; expected one class or more and at most one void.");
        }
        return classes;
    }

    private static PixelClass parse(String line, String where) {
        String[] fields = line.split("\\s+", -1);
        if (fields.length != FIELDS) {
            throw new InteropException(where + ": '" + line + "'; expected 'id name red green blue'.");
        }
        int[] numbers = new int[FIELDS];
        for (int i = 0; i < FIELDS; i++) {
            if (i != 1) {
                if (!fields[i].matches("\\d{1,3}") || Integer.parseInt(fields[i]) > 255) {
                    throw new InteropException(where + ": '" + fields[i]
                            + "' is not a number from 0 to 255; expected 'id name red green blue'.");
                }
                numbers[i] = Integer.parseInt(fields[i]);
            }
        }
        return new PixelClass(numbers[0], fields[1], numbers[2], numbers[3], numbers[4]);
    }
}
