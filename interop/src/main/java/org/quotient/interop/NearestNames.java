package org.quotient.interop;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The names most like a misspelt one, for errors. */
public final class NearestNames {
    private static final int SHOWN = 3;
    private static final int LONGEST = 64;

    private NearestNames() {}

    /**
     * Up to three names, nearest first, by edit distance without regard to case (Levenshtein 1966); only the first 64
     * characters count.
     *
     * @param given what was asked for
     * @param known what there is
     */
    public static List<String> of(String given, Collection<String> known) {
        return known.stream()
                .sorted(Comparator.comparingInt((String name) -> distance(given, name))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(SHOWN)
                .toList();
    }

    private static int distance(String a, String b) {
        String x = shortened(a);
        String y = shortened(b);
        int[] row = new int[y.length() + 1];
        for (int j = 0; j <= y.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= x.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= y.length(); j++) {
                int above = row[j];
                int changed = diagonal + (x.charAt(i - 1) == y.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[y.length()];
    }

    private static String shortened(String name) {
        return name.substring(0, Math.min(LONGEST, name.length())).toLowerCase(Locale.ROOT);
    }
}
