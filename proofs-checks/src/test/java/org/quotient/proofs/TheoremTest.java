package org.quotient.proofs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How single findings become verdicts, on statements about whole numbers. */
class TheoremTest {
    /** The numbers 9, 8, ..., 0. */
    private static final Instances<Integer> NUMBERS = new Instances<>() {
        @Override
        public Stream<Drawn<Integer>> draw(Level level, long seed) {
            return IntStream.iterate(9, i -> i >= 0, i -> i - 1).mapToObj(Drawn::fixed);
        }

        @Override
        public long size(Integer instance) {
            return instance;
        }

        @Override
        public String describe(Integer instance) {
            return "the number " + instance;
        }
    };

    private static Claim<Integer> claim(IntPredicate holds) {
        return new Claim<>(
                "a statement", i -> holds.test(i) ? new Finding.Proved("it is so") : new Finding.Refuted("it is not"));
    }

    private static Theorem<Integer> theorem(Claim<Integer> claim, Claim<Integer> neighbour, IntPredicate assumed) {
        return new Theorem<>(
                "on-numbers",
                claim,
                "x",
                "nobody",
                List.of(new Hypothesis<>("assumed", assumed::test)),
                NUMBERS,
                Verdict.PROVED,
                neighbour);
    }

    private static final Claim<Integer> TRUE = claim(i -> true);
    private static final Claim<Integer> FALSE_FROM_3 = claim(i -> i < 3);

    @Test
    @DisplayName("a statement proved for all and a neighbour refuted: as expected, with the smallest counterexample")
    void expected() {
        Outcome outcome = theorem(TRUE, FALSE_FROM_3, i -> true).check(Level.QUICK, 0);
        assertThat(outcome.asExpected()).isTrue();
        assertThat(outcome.result().verdict()).isEqualTo(Verdict.PROVED);
        assertThat(outcome.result().instances()).isEqualTo(10);
        assertThat(outcome.result().counterexample()).isNull();
        assertThat(outcome.neighbour().verdict()).isEqualTo(Verdict.REFUTED);
        assertThat(outcome.neighbour().counterexample()).isEqualTo("the number 3: it is not");
    }

    @Test
    @DisplayName("a theorem whose false neighbour is not refuted fails")
    void neighbourMustBeRefuted() {
        assertThat(theorem(TRUE, TRUE, i -> true).check(Level.QUICK, 0).asExpected())
                .isFalse();
    }

    @Test
    @DisplayName("one counterexample refutes")
    void refuted() {
        Outcome outcome = theorem(FALSE_FROM_3, FALSE_FROM_3, i -> true).check(Level.QUICK, 0);
        assertThat(outcome.result().verdict()).isEqualTo(Verdict.REFUTED);
        assertThat(outcome.result().evidence()).contains("3 proved", "7 refuted");
        assertThat(outcome.asExpected()).isFalse();
    }

    @Test
    @DisplayName("instances that fail a hypothesis are tried, counted and named, but refute nothing")
    void hypotheses() {
        Outcome some = theorem(FALSE_FROM_3, TRUE, i -> i < 3).check(Level.QUICK, 0);
        assertThat(some.result().verdict()).isEqualTo(Verdict.PROVED);
        assertThat(some.result().instances()).isEqualTo(10);
        assertThat(some.result().evidence()).contains("7 not applicable (fails: assumed)");
        Outcome none = theorem(TRUE, FALSE_FROM_3, i -> false).check(Level.QUICK, 0);
        assertThat(none.result().verdict()).isEqualTo(Verdict.NOT_APPLICABLE);
        assertThat(none.asExpected()).isFalse();
    }

    @Test
    @DisplayName("one instance that is only supported makes the whole SUPPORTED")
    void supported() {
        Claim<Integer> sampled = new Claim<>(
                "sampled", i -> i == 4 ? new Finding.Supported("by samples") : new Finding.Proved("exactly"));
        assertThat(theorem(sampled, FALSE_FROM_3, i -> true)
                        .check(Level.QUICK, 0)
                        .result()
                        .verdict())
                .isEqualTo(Verdict.SUPPORTED);
    }

    @Test
    @DisplayName("a check that breaks off refutes nothing, and the theorem fails")
    void broken() {
        Claim<Integer> broken = claim(i -> {
            if (i == 4) {
                throw new IllegalStateException("out of order");
            }
            return i < 3;
        });
        Outcome outcome = theorem(TRUE, broken, i -> true).check(Level.QUICK, 0);
        assertThat(outcome.neighbour().verdict()).isEqualTo(Verdict.REFUTED);
        assertThat(outcome.neighbour().evidence())
                .contains("1 broke off (the number 4: java.lang.IllegalStateException: out of order)");
        assertThat(outcome.asExpected()).isFalse();
        Claim<Integer> alwaysBroken = new Claim<>("broken", i -> {
            throw new ArithmeticException();
        });
        assertThat(theorem(TRUE, alwaysBroken, i -> true)
                        .check(Level.QUICK, 0)
                        .neighbour()
                        .verdict())
                .isEqualTo(Verdict.NOT_APPLICABLE);
    }

    @Test
    @DisplayName("only the first instances are tried if so many are asked for")
    void fewer() {
        Outcome outcome = theorem(TRUE, FALSE_FROM_3, i -> true).check(Level.QUICK, 0, 4);
        assertThat(outcome.result().instances()).isEqualTo(4);
        assertThat(outcome.neighbour().counterexample()).isEqualTo("the number 6: it is not");
    }

    @Test
    @DisplayName("an id is in lower case with hyphens")
    void ids() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Theorem<>(
                        "Not An Id", TRUE, "x", "nobody", List.of(), NUMBERS, Verdict.PROVED, FALSE_FROM_3))
                .withMessageContaining("'Not An Id'");
    }

    @Test
    @DisplayName("the report holds every statement and verdict, with markup escaped")
    void report() {
        Claim<Integer> marked = new Claim<>("a < b & c", i -> new Finding.Proved("exactly"));
        Outcome outcome = theorem(marked, FALSE_FROM_3, i -> true).check(Level.QUICK, 0);
        String page = HtmlReport.of(List.of(outcome), Level.QUICK, 0);
        assertThat(page)
                .contains("a &lt; b &amp; c", "PROVED", "REFUTED", "the number 3: it is not", "</html>")
                .doesNotContain("a < b", "<script", "http");
    }
}
