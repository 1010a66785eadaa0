package org.quotient.interop.onnx;

import java.util.Collection;
import java.util.List;
import org.quotient.autodiff.network.NearestNames;

/** What a misspelt name may have meant, for errors; a file with endless names is not searched. */
final class Suggestions {
    private static final int LONGEST = 200;
    private static final int MOST = 20_000;

    private Suggestions() {}

    /** A sentence with a space before it, such as {@code " Did you mean w1 or w2?"}; if nothing is near, what there is. */
    static String of(String given, Collection<String> known) {
        List<String> searched =
                known.stream().filter(n -> n.length() <= LONGEST).limit(MOST).toList();
        List<String> nearest = given.length() > LONGEST ? List.of() : NearestNames.of(given, searched);
        if (!nearest.isEmpty()) {
            return " Did you mean " + String.join(" or ", nearest) + "?";
        }
        return " There are: "
                + String.join(", ", searched.stream().sorted().limit(12).toList()) + (known.size() > 12 ? ", ..." : "")
                + ".";
    }
}
