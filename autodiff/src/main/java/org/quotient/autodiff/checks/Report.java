package org.quotient.autodiff.checks;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The findings of a check.
 *
 * @param findings at least one
 */
public record Report(List<Finding> findings) {

    /** Copies the list. */
    public Report {
        findings = List.copyOf(findings);
    }

    /** Whether every finding passed. */
    public boolean passed() {
        return findings.stream().allMatch(Finding::passed);
    }

    /** The findings that did not pass. */
    public List<Finding> failures() {
        return findings.stream().filter(f -> !f.passed()).toList();
    }

    /** One line per finding. */
    @Override
    public String toString() {
        return findings.stream()
                .map(f -> (f.passed() ? "pass  " : "FAIL  ") + f.getClass().getSimpleName() + " of " + f.subject()
                        + ": " + f.reason())
                .collect(Collectors.joining("\n"));
    }
}
