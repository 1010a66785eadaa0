package org.quotient.autodiff.rewrite;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;

/**
 * Rewrites graphs with a list of rules until nothing changes: each round goes bottom up, applies rules to a node until none
 * applies, and shares common subexpressions. Variables stay the same nodes. Labels stay on nodes that are not replaced.
 * A rewritten graph may no longer contain the input that shows the batch size; the evaluator can be given it.
 */
public final class Rewriter {
    /** Rules applied to one node within a round; more would be a cycle. */
    private static final int APPLICATIONS = 64;

    private final List<Rule> rules;
    private final int rounds;

    private Rewriter(List<Rule> rules, int rounds) {
        this.rules = List.copyOf(rules);
        this.rounds = rounds;
    }

    /**
     * A rewriter with given rules.
     *
     * @param rules tried in order
     * @param rounds the largest number of rounds, at least 1
     * @throws IllegalArgumentException if {@code rounds} is below 1
     */
    public static Rewriter with(List<Rule> rules, int rounds) {
        if (rounds < 1) {
            throw new IllegalArgumentException("A rewriter needs at least 1 round; given " + rounds);
        }
        return new Rewriter(rules, rounds);
    }

    /** All algebraic rules and constant folding. */
    public static Rewriter standard() {
        List<Rule> all = new ArrayList<>(algebraicRules());
        all.add(Folding.rule());
        return with(all, 20);
    }

    /**
     * The algebraic rules without constant folding: they hold in every field, so that values over a prime field stay the same
     * too. (A folded 1/3 is rounded; over a prime field it would be another number.)
     */
    public static Rewriter exact() {
        return with(algebraicRules(), 20);
    }

    /** Only shares common subexpressions. */
    public static Rewriter sharing() {
        return with(List.of(), 1);
    }

    /** The algebraic rules, with their names and statements. */
    public static List<Rule> algebraicRules() {
        List<Rule> all = new ArrayList<>(ArithmeticRules.all());
        all.addAll(MovementRules.all());
        all.addAll(SumRules.all());
        return List.copyOf(all);
    }

    /** One expression rewritten; see {@link #apply(List)}. */
    public Expr apply(Expr output) {
        return apply(List.of(output)).get(0);
    }

    /**
     * Expressions rewritten together.
     *
     * @param outputs any expressions
     * @return expressions of the same shapes, dtypes and (up to the conditions of the rules and rounding) values
     * @throws IllegalStateException if a rule changes a shape, or rules undo each other
     */
    public List<Expr> apply(List<Expr> outputs) {
        List<Expr> current = outputs;
        for (int round = 0; round < rounds; round++) {
            Sharing sharing = new Sharing();
            List<Expr> next =
                    Graph.map(current, (node, operands) -> sharing.share(simplified(node.withOperands(operands))));
            if (same(current, next)) {
                return next;
            }
            current = next;
        }
        return current;
    }

    private Expr simplified(Expr node) {
        Expr current = node;
        for (int i = 0; i < APPLICATIONS; i++) {
            Optional<Expr> next = firstRewrite(current);
            if (next.isEmpty()) {
                return current;
            }
            current = next.get();
        }
        throw new IllegalStateException("Rules undo each other at " + node.describe() + ": still changing after "
                + APPLICATIONS + " applications");
    }

    private Optional<Expr> firstRewrite(Expr node) {
        for (Rule rule : rules) {
            Optional<Expr> fresh = rule.apply(node);
            if (fresh.isPresent()) {
                return fresh;
            }
        }
        return Optional.empty();
    }

    private static boolean same(List<Expr> a, List<Expr> b) {
        for (int i = 0; i < a.size(); i++) {
            if (a.get(i) != b.get(i)) {
                return false;
            }
        }
        return true;
    }
}
