package org.quotient.geometry.paths;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Unknowns under linear relations, solved by substitution as they come: union-find with linear forms instead of parents.
 * Chains of substitutions are compressed whenever they are followed.
 */
final class Relations {
    private final Residues residues;
    private final List<@Nullable LinearForm> substitutes = new ArrayList<>();
    private int free;

    Relations(Residues residues) {
        this.residues = residues;
    }

    /** How many unknowns remain free: the dimension of the space of solutions. */
    int freeCount() {
        return free;
    }

    /** A new unknown. */
    LinearForm fresh() {
        substitutes.add(null);
        free++;
        return LinearForm.of(substitutes.size() - 1);
    }

    /** Demands that a form be zero. */
    void require(LinearForm zero) {
        LinearForm form = resolve(zero);
        if (form.isZero()) {
            return;
        }
        int pivot = pivot(form);
        long c = form.coefficients()[pivot];
        int symbol = form.symbols()[pivot];
        LinearForm rest = form.plus(-c, LinearForm.of(symbol), residues);
        substitutes.set(symbol, rest.over(-c, residues));
        free--;
    }

    /** The youngest unknown among those that need no division. */
    private static int pivot(LinearForm form) {
        for (int i = form.symbols().length - 1; i >= 0; i--) {
            if (Math.abs(form.coefficients()[i]) == 1) {
                return i;
            }
        }
        return form.symbols().length - 1;
    }

    /** The same form in unknowns that are free. */
    LinearForm resolve(LinearForm form) {
        if (isFree(form)) {
            return form;
        }
        for (int symbol : form.symbols()) {
            compress(symbol);
        }
        return expand(form);
    }

    private boolean isFree(LinearForm form) {
        for (int symbol : form.symbols()) {
            if (substitutes.get(symbol) != null) {
                return false;
            }
        }
        return true;
    }

    private LinearForm expand(LinearForm form) {
        LinearForm result = LinearForm.ZERO;
        for (int i = 0; i < form.symbols().length; i++) {
            LinearForm substitute = substitutes.get(form.symbols()[i]);
            LinearForm one = substitute == null ? LinearForm.of(form.symbols()[i]) : substitute;
            result = result.plus(form.coefficients()[i], one, residues);
        }
        return result;
    }

    /** Lets the substitute of an unknown, and of those on the way, hold free unknowns only; no recursion. */
    private void compress(int start) {
        IntList stack = new IntList();
        stack.add(start);
        while (stack.size() > 0) {
            int symbol = stack.last();
            LinearForm substitute = substitutes.get(symbol);
            if (substitute == null || isFree(substitute)) {
                stack.truncate(stack.size() - 1);
                continue;
            }
            boolean ready = true;
            for (int next : substitute.symbols()) {
                LinearForm deeper = substitutes.get(next);
                if (deeper != null && !isFree(deeper)) {
                    stack.add(next);
                    ready = false;
                }
            }
            if (ready) {
                substitutes.set(symbol, expand(substitute));
            }
        }
    }
}
