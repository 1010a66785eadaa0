package org.quotient.geometry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Integer linear forms under homogeneous linear relations, solved exactly as they come: each relation eliminates one
 * unknown. The solutions stay parametrised over the integers; where no coefficient is ±1, unknowns are replaced by quotients
 * and remainders until one is (Euclid's algorithm).
 *
 * <p>Forms are numbered; form 0 is zero. Equal forms need not have equal numbers until {@link #normal} is asked.
 */
final class Relations {
    private final List<LinearForm> forms = new ArrayList<>();
    private final Map<LinearForm, Integer> numbers = new HashMap<>();
    private final List<@Nullable LinearForm> substitution = new ArrayList<>();
    private final List<String> origins = new ArrayList<>();

    Relations() {
        intern(LinearForm.ZERO);
    }

    /** A new unknown, described by where it comes from; its form's number. */
    int fresh(String origin) {
        int unknown = substitution.size();
        substitution.add(null);
        origins.add(origin);
        return intern(LinearForm.unknown(unknown));
    }

    private int intern(LinearForm form) {
        Integer known = numbers.get(form);
        if (known != null) {
            return known;
        }
        forms.add(form);
        numbers.put(form, forms.size() - 1);
        return forms.size() - 1;
    }

    LinearForm form(int number) {
        return forms.get(number);
    }

    /** The number of the form a + factor·b. */
    int plus(int a, int b, long factor) {
        if (b == 0 || factor == 0) {
            return a;
        }
        return intern(forms.get(a).plus(forms.get(b), factor));
    }

    int times(int a, long factor) {
        return a == 0 ? 0 : intern(forms.get(a).times(factor));
    }

    String origin(int unknown) {
        return origins.get(unknown);
    }

    /** The unknowns that no relation has eliminated, increasing. */
    List<Integer> free() {
        List<Integer> free = new ArrayList<>();
        for (int u = 0; u < substitution.size(); u++) {
            if (substitution.get(u) == null) {
                free.add(u);
            }
        }
        return free;
    }

    /** A form in free unknowns only, equal to the given one under the relations. */
    LinearForm normal(int number) {
        LinearForm result = reduce(forms.get(number));
        return result;
    }

    private LinearForm reduce(LinearForm form) {
        LinearForm current = form;
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int k = 0; k < current.terms(); k++) {
                int unknown = current.unknownAt(k);
                LinearForm row = substitution.get(unknown);
                if (row != null) {
                    long c = current.coefficientAt(k);
                    current = current.plus(LinearForm.unknown(unknown), -c).plus(resolved(unknown, row), c);
                    changed = true;
                    break;
                }
            }
        }
        return current;
    }

    /** One substitution, shortened so that chains stay short. */
    private LinearForm resolved(int unknown, LinearForm row) {
        LinearForm current = row;
        for (int hop = 0; hop < 4; hop++) {
            if (current.terms() != 1) {
                break;
            }
            LinearForm next = substitution.get(current.unknownAt(0));
            if (next == null) {
                break;
            }
            current = next.times(current.coefficientAt(0));
        }
        if (current != row) {
            substitution.set(unknown, current);
        }
        return current;
    }

    /**
     * Changes the free unknowns: {@code moved} becomes w + factor·{@code along} with a new free unknown w, so that the
     * direction of {@code along} now moves both.
     *
     * @return w
     */
    int follow(int moved, int along, long factor) {
        int w = substitution.size();
        substitution.add(null);
        origins.add(origins.get(moved));
        substitution.set(moved, LinearForm.unknown(w).plus(LinearForm.unknown(along), factor));
        return w;
    }

    /** Asks that two forms be equal. */
    void equate(int a, int b) {
        if (a != b) {
            eliminate(forms.get(a).plus(forms.get(b), -1));
        }
    }

    /** Asks that a form vanish. */
    void vanish(int a) {
        equate(a, 0);
    }

    private void eliminate(LinearForm relation) {
        LinearForm r = reduce(relation).primitive();
        while (!r.isZero()) {
            int best = 0;
            for (int k = 1; k < r.terms(); k++) {
                if (Math.abs(r.coefficientAt(k)) <= Math.abs(r.coefficientAt(best))) {
                    best = k;
                }
            }
            int pivot = r.unknownAt(best);
            long a = r.coefficientAt(best);
            if (Math.abs(a) == 1) {
                // a·pivot + rest = 0  =>  pivot = -rest/a
                LinearForm rest = r.plus(LinearForm.unknown(pivot), -a);
                substitution.set(pivot, rest.times(-a));
                return;
            }
            if (r.terms() == 1) {
                substitution.set(pivot, LinearForm.ZERO);
                return;
            }
            // pivot = w - Σ floor(b/a)·v, so that a·w + Σ (b mod a)·v = 0 has smaller coefficients.
            int w = substitution.size();
            substitution.add(null);
            origins.add(origins.get(pivot));
            LinearForm row = LinearForm.unknown(w);
            for (int k = 0; k < r.terms(); k++) {
                if (k != best) {
                    row = row.plus(LinearForm.unknown(r.unknownAt(k)), -Math.floorDiv(r.coefficientAt(k), a));
                }
            }
            substitution.set(pivot, row);
            r = reduce(r).primitive();
        }
    }
}
