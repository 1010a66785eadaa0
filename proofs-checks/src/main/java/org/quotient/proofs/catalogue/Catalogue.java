package org.quotient.proofs.catalogue;

import java.util.List;
import org.quotient.proofs.Theorem;

/** All theorems, in the order in which reports list them. */
public final class Catalogue {
    private Catalogue() {}

    /** The theorems. */
    public static List<Theorem<?>> theorems() {
        return List.of(DimensionTheorem.theorem(), ActionTheorem.theorem());
    }
}
