package org.quotient.geometry.lifting;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the elements of an operation's result are sums of, seen by paths: each is Σ_k constant · Π factors, the factors being
 * elements of the operands. Computed from indices when asked for; nothing is stored.
 *
 * @param count how many k there are, for every element
 * @param rule the summands
 */
record Summands(int count, Rule rule) {

    /** From an element and k to a summand; null where there is none, such as in the padding of a window. */
    interface Rule {
        @Nullable
        Summand of(int element, int k);
    }

    /** An element of an operand. */
    record Factor(int operand, int element) {}

    /** A product; paths run through all of its factors. */
    record Summand(List<Factor> factors, double constant) {
        static Summand of(int operand, int element) {
            return new Summand(List.of(new Factor(operand, element)), 1);
        }

        static Summand product(int left, int right) {
            return new Summand(List.of(new Factor(0, left), new Factor(1, right)), 1);
        }
    }

    /** Element e of the result is element e of operand 0, times a constant. */
    static Summands same(double constant) {
        return new Summands(1, (e, k) -> new Summand(List.of(new Factor(0, e)), constant));
    }

    /** Element e of the result goes with element e of either operand. */
    static Summands either(double second) {
        return new Summands(2, (e, k) -> new Summand(List.of(new Factor(k, e)), k == 0 ? 1 : second));
    }

    @Nullable
    Summand of(int element, int k) {
        return rule.of(element, k);
    }
}
