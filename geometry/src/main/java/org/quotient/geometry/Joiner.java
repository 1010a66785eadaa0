package org.quotient.geometry;

import java.util.Arrays;
import org.quotient.autodiff.Expr;

/** The scales of a node under construction: every term that joins an entry must have that entry's scale. */
final class Joiner {
    private final Inference pass;
    private final Expr node;
    private final LawKind kind;
    private final int[] forms;

    Joiner(Inference pass, Expr node, int size, LawKind kind) {
        this.pass = pass;
        this.node = node;
        this.kind = kind;
        this.forms = new int[size];
        Arrays.fill(forms, ParameterScales.UNDEFINED);
    }

    boolean isSet(int slot) {
        return forms[slot] >= 0;
    }

    /** A term of a sum: a form, or a parameter element. */
    void join(int slot, int code) {
        int form = pass.lookup(code);
        if (form < 0) {
            pass.define(code, open(slot));
        } else {
            joinForm(slot, form);
        }
    }

    void joinForm(int slot, int form) {
        if (forms[slot] < 0) {
            forms[slot] = form;
        } else {
            pass.relations.equate(forms[slot], form);
        }
    }

    /** The entry's form, a fresh unknown if it has none yet. */
    int open(int slot) {
        if (forms[slot] < 0) {
            forms[slot] = pass.fresh(node, kind);
        }
        return forms[slot];
    }

    /** A term left·right^degree of a sum. */
    void joinProduct(int slot, int left, int right, int degree) {
        int a = pass.lookup(left);
        int b = pass.lookup(right);
        if (a < 0 && b < 0) {
            a = pass.fresh(node, LawKind.PARAMETER);
            pass.define(left, a);
            b = pass.lookup(right);
        }
        Relations relations = pass.relations;
        if (a >= 0 && b >= 0) {
            joinForm(slot, relations.plus(a, b, degree));
        } else if (a < 0) {
            pass.define(left, relations.plus(open(slot), b, -degree));
        } else {
            pass.define(right, relations.times(relations.plus(open(slot), a, -1), degree));
        }
    }

    /** An element without effect follows the entry that it would be added to, so that an action carries it along. */
    void carry(int slot, int code) {
        if (code < 0 && forms[slot] >= 0 && pass.lookup(code) < 0) {
            pass.define(code, forms[slot]);
        }
    }

    /** The forms; entries that nothing live has joined are 0. */
    int[] forms() {
        int[] out = forms.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.max(0, out[i]);
        }
        return out;
    }
}
