package org.quotient.autodiff.network;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What somebody may have meant by a name that is unknown. */
public final class NearestNames {
    private NearestNames() {}

    /**
     * The known names closest to a given one by edit distance (Levenshtein 1966), case ignored: those within a third of the
     * longer length, at most three, closest first.
     *
     * @param given what was typed
     * @param known the names that exist
     * @return possibly none
     */
    public static List<String> of(String given, Collection<String> known) {
        String typed = given.toLowerCase(Locale.ROOT);
        return known.stream()
                .filter(name -> distance(typed, name.toLowerCase(Locale.ROOT))
                        <= Math.max(2, Math.max(typed.length(), name.length()) / 3))
                .sorted(Comparator.comparingInt((String name) -> distance(typed, name.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(3)
                .toList();
    }

    /**
     * A sentence for an error: what was given, what is meant perhaps, what exists.
     *
     * @param kind with its article, such as {@code "a built-in network"}
     * @param given what was typed
     * @param known the names that exist
     */
    public static String unknown(String kind, String given, Collection<String> known) {
        List<String> nearest = of(given, known);
        String hint = nearest.isEmpty() ? "" : " Did you mean " + String.join(" or ", nearest) + "?";
        return "'" + given + "' is not " + kind + "." + hint + " Known: " + String.join(", ", known) + ".";
    }

    /** The least number of insertions, deletions and substitutions that turn one text into the other. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
