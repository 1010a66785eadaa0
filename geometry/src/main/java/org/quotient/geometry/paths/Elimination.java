package org.quotient.geometry.paths;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * One elimination of the relation system. A term with a parameter that was not met before merely defines that parameter's δ;
 * it is no equation, and where the parameter is met only once its δ need not even be computed. So equations come from
 * reused parameters and from terms without any.
 */
final class Elimination {
    private static final int NONE = -1;

    private final PathGraph graph;
    private final Terms terms;
    private final Residues residues;
    private final Relations relations;
    /** φ of a vertex, δ of a parameter; absent where it is not needed. */
    private final @Nullable LinearForm[] forms;

    private final BitSet met = new BitSet();
    private final BitSet reused = new BitSet();

    Elimination(PathGraph graph, Residues residues) {
        this.graph = graph;
        this.terms = graph.terms();
        this.residues = residues;
        this.relations = new Relations(residues);
        this.forms = new LinearForm[terms.vertices()];
        forms[Terms.ONE] = LinearForm.ZERO;
        findReused();
        for (int v = terms.firstSum(); v < forms.length; v++) {
            if (graph.isReached(v)) {
                forms[v] = relations.resolve(vertex(v));
            }
        }
        endAtSinks();
    }

    /** The dimension of the space of solutions. */
    int symmetries() {
        return relations.freeCount();
    }

    boolean exact() {
        return residues.exact();
    }

    /** Finds the parameters that occur more than once in live terms and sinks. */
    private void findReused() {
        BitSet once = new BitSet();
        for (int v = terms.firstSum(); v < forms.length; v++) {
            if (graph.isReached(v)) {
                int end = terms.factorsFrom(terms.termsTo(v));
                for (int k = terms.factorsFrom(terms.termsFrom(v)); k < end; k++) {
                    count(terms.factor(k), once);
                }
            }
        }
        for (int i = 0; i < graph.sinks().count(); i++) {
            count(graph.sinks().vertex(i), once);
        }
    }

    private void count(int vertex, BitSet once) {
        if (terms.isParameter(vertex)) {
            if (once.get(vertex)) {
                reused.set(vertex);
            }
            once.set(vertex);
        }
    }

    // ---- Vertices

    /** First the terms without a new parameter, so that no unknown is made where φ is known. */
    private LinearForm vertex(int v) {
        IntList deferred = new IntList();
        LinearForm value = null;
        for (int t = terms.termsFrom(v); t < terms.termsTo(v); t++) {
            if (newParameter(t) == NONE) {
                value = equate(value, form(t, NONE));
            } else {
                deferred.add(t);
            }
        }
        for (int i = 0; i < deferred.size(); i++) {
            value = define(deferred.get(i), value);
        }
        if (value == null) {
            throw new IllegalStateException("A reached vertex of a path graph has a term");
        }
        return value;
    }

    /** Lets the term's new parameter, if it is still new, take up the difference to the vertex' φ. */
    private LinearForm define(int t, @Nullable LinearForm known) {
        int parameter = newParameter(t);
        if (parameter == NONE) {
            return equate(known, form(t, NONE));
        }
        met.set(parameter);
        for (int other = newParameter(t); other != NONE; other = newParameter(t)) {
            meet(other);
        }
        long degree = degree(parameter, t);
        if (degree != 1 && degree != -1) {
            forms[parameter] = relations.fresh();
            return equate(known, form(t, NONE));
        }
        LinearForm value = known == null ? relations.fresh() : known;
        if (reused.get(parameter)) {
            forms[parameter] = value.plus(-1, form(t, parameter), residues).over(degree, residues);
        }
        return value;
    }

    private LinearForm meet(int parameter) {
        met.set(parameter);
        LinearForm delta = relations.fresh();
        forms[parameter] = delta;
        return delta;
    }

    private LinearForm equate(@Nullable LinearForm value, LinearForm form) {
        if (value == null) {
            return form;
        }
        if (!value.same(form)) {
            relations.require(form.plus(-1, value, residues));
        }
        return value;
    }

    /** A parameter of the term that was not met before. */
    private int newParameter(int t) {
        for (int k = terms.factorsFrom(t); k < terms.factorsTo(t); k++) {
            int factor = terms.factor(k);
            if (terms.isParameter(factor) && !met.get(factor)) {
                return factor;
            }
        }
        return NONE;
    }

    /** The exponent of a parameter in a term. */
    private long degree(int parameter, int t) {
        long degree = 0;
        for (int k = terms.factorsFrom(t); k < terms.factorsTo(t); k++) {
            if (terms.factor(k) == parameter) {
                degree = residues.of(degree + degreeAt(k));
            }
        }
        return degree;
    }

    private long degreeAt(int k) {
        Degree degree = terms.degree(k);
        return degree.isOne() ? 1 : residues.divide(degree.numerator(), degree.denominator());
    }

    /** Σ degree·form over the factors of a term but one. */
    private LinearForm form(int t, int except) {
        LinearForm sum = LinearForm.ZERO;
        for (int k = terms.factorsFrom(t); k < terms.factorsTo(t); k++) {
            int factor = terms.factor(k);
            if (factor != except) {
                LinearForm one = forms[factor];
                if (one == null) {
                    throw new IllegalStateException("Vertex " + factor + " is used before it is known");
                }
                sum = sum.plus(degreeAt(k), one, residues);
            }
        }
        return sum;
    }

    // ---- Sinks

    private void endAtSinks() {
        Sinks sinks = graph.sinks();
        @Nullable LinearForm[] groups = new LinearForm[sinks.groupCount()];
        for (int i = 0; i < sinks.count(); i++) {
            int vertex = sinks.vertex(i);
            LinearForm value = terms.isParameter(vertex) && !met.get(vertex) ? meet(vertex) : forms[vertex];
            if (value == null) {
                throw new IllegalStateException("Sink " + i + " is used before it is known");
            }
            int group = sinks.group(i);
            if (group == Sinks.PINNED) {
                relations.require(value);
            } else {
                groups[group] = equate(groups[group], value);
            }
        }
    }
}
