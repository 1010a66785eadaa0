package org.quotient.optimizers.conservation;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The identities of all generators.
 *
 * @param balances one per generator, in the order of z
 * @param tolerance on {@link Balance#relative}
 */
public record BalanceReport(List<Balance> balances, double tolerance) {

    /** Copies the list. */
    public BalanceReport {
        balances = List.copyOf(balances);
    }

    /** Whether every exact identity holds within the tolerance. Those that need ε = 0 or buffers are not judged. */
    public boolean holds() {
        return violated().isEmpty();
    }

    /** The exact identities that do not hold. */
    public List<Balance> violated() {
        return balances.stream()
                .filter(b -> b.kind() == LawKind.EXACT && !(b.relative() <= tolerance))
                .toList();
    }

    /** The worst exact identity; none if there is no exact one. */
    public Optional<Balance> worst() {
        return worst(LawKind.EXACT);
    }

    /** The worst of a kind; numbers that are none are worst of all. */
    public Optional<Balance> worst(LawKind kind) {
        return balances.stream().filter(b -> b.kind() == kind).max(Comparator.comparingDouble(Balance::relative));
    }

    /** The verdict in words, with the worst generator. */
    public String summary() {
        long exact = balances.stream().filter(b -> b.kind() == LawKind.EXACT).count();
        String apart = exact == balances.size()
                ? ""
                : "; " + (balances.size() - exact)
                        + " more are not judged (scales that a normalisation removes, or buffers)";
        return (holds() ? "all " + exact + " laws hold" : violated().size() + " of " + exact + " laws are violated")
                + worst().map(b -> "; worst: " + b).orElse("")
                + apart;
    }
}
