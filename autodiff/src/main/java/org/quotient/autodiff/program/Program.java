package org.quotient.autodiff.program;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.rewrite.Rewriter;

/**
 * Expressions compiled once, to be run often. A program is immutable and knows no memory; a {@link Session} of it holds the
 * variables and the intermediate values, and runs.
 *
 * <pre>{@code
 * Expr gradient = Differentiation.gradient(loss, w);
 * Program step = Program.builder().output(loss).update(w, w.minus(gradient.times(0.1))).build();
 * try (Session session = step.session()) {
 *     session.set("w", start);
 *     session.set("x", batch);      // its shape tells the batch size
 *     session.run();                // w has its new value; nothing is allocated
 *     double before = session.scalar(0);
 * }
 * }</pre>
 *
 * <p>Compared with {@link org.quotient.autodiff.Evaluator}: elementwise operations are fused into passes, transposes and other
 * strided moves cost nothing, memory is planned by lifetimes, updates are written in place, and single precision is computed in
 * single precision (the interpreter rounds once per operation). In double precision both agree to rounding.
 */
public final class Program {
    private final Definition definition;

    private Program(Definition definition) {
        this.definition = definition;
    }

    /** A program that computes expressions. */
    public static Program of(List<Expr> outputs) {
        Builder builder = builder();
        outputs.forEach(builder::output);
        return builder.build();
    }

    /** A program that computes expressions. */
    public static Program of(Expr... outputs) {
        return of(List.of(outputs));
    }

    /** A program made piece by piece. */
    public static Builder builder() {
        return new Builder();
    }

    /** What a program is to compute. */
    public static final class Builder {
        private final List<Expr> outputs = new ArrayList<>();
        private final Map<String, Expr> updates = new LinkedHashMap<>();
        private final Map<String, Op.Variable> updated = new LinkedHashMap<>();
        private Numbers.@Nullable PrimeField field;

        private Builder() {}

        /** A value to be read after each run; outputs are numbered from 0 in the order of these calls. */
        public Builder output(Expr value) {
            outputs.add(value);
            return this;
        }

        /**
         * A variable's new value. All expressions of the program see the old value; the new one is there after the run.
         *
         * @param variable a variable
         * @param value of its shape and dtype
         * @throws IllegalArgumentException if it is no variable, has the batch axis, another shape or dtype, or an update
         *     already
         */
        public Builder update(Expr variable, Expr value) {
            if (!(variable.op() instanceof Op.Variable v)) {
                throw new IllegalArgumentException("Only a variable can be updated; given " + variable.describe());
            }
            if (v.shape().isSymbolic()) {
                throw new IllegalArgumentException("'" + v.name() + "' " + v.shape()
                        + " has the batch axis; only variables that are kept from batch to batch can be updated");
            }
            if (!value.shape().equals(v.shape()) || value.dtype() != v.dtype()) {
                throw new IllegalArgumentException("The new value of '" + v.name() + "' must be " + v.dtype()
                        + v.shape() + " as the variable is; given " + value.dtype() + " " + value.describe());
            }
            if (updates.put(v.name(), value) != null) {
                throw new IllegalArgumentException("'" + v.name() + "' already has an update in this program");
            }
            updated.put(v.name(), v);
            return this;
        }

        /**
         * Computes over a prime field: all values are residues. Constants are embedded exactly.
         *
         * @param numbers the field
         */
        public Builder over(Numbers.PrimeField numbers) {
            field = numbers;
            return this;
        }

        /**
         * The program.
         *
         * @throws IllegalArgumentException if it computes nothing, or two different variables have one name
         */
        public Program build() {
            if (outputs.isEmpty() && updates.isEmpty()) {
                throw new IllegalArgumentException("A program needs an output or an update; none was given");
            }
            List<Expr> all = new ArrayList<>(outputs);
            all.addAll(updates.values());
            // Sharing is exact; algebraic rules could change rounding and are left to the user.
            List<Expr> shared = OwnSquares.apply(Rewriter.sharing()
                    .apply(Sinking.apply(Masks.fromOutputs(Rewriter.sharing().apply(all)))));
            Map<String, Expr> values = new LinkedHashMap<>();
            int next = outputs.size();
            for (String name : updates.keySet()) {
                values.put(name, shared.get(next++));
            }
            Map<String, Op.Variable> variables = Definition.variables(Graph.topological(shared));
            updated.forEach(variables::putIfAbsent);
            return new Program(
                    new Definition(List.copyOf(shared.subList(0, outputs.size())), values, variables, field));
        }
    }

    /** A session on one thread. */
    public Session session() {
        return session(1);
    }

    /**
     * A session with memory of its own.
     *
     * @param threads how many threads run it, the caller among them, at least 1; results are the same bits for any number
     */
    public Session session(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("A session needs at least 1 thread; given " + threads);
        }
        return new Session(this, definition, threads);
    }

    /**
     * Evaluates once: sets all variables, runs, and reads the outputs, in a session of its own.
     *
     * @param values the values of the variables by name; shapes bind the batch
     * @return the values of the outputs
     * @throws IllegalArgumentException if a variable has no value, or one of another shape or dtype
     */
    public List<Tensor> evaluate(Map<String, Tensor> values) {
        try (Session session = session()) {
            for (Op.Variable v : definition.variables().values()) {
                Tensor value = values.get(v.name());
                if (value != null) {
                    session.set(v.name(), value);
                }
            }
            session.run();
            return session.outputs();
        }
    }

    /** The names and shapes of the variables. */
    public Map<String, Shape> variables() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        definition.variables().forEach((name, v) -> shapes.put(name, v.shape()));
        return shapes;
    }

    /** The number of outputs. */
    public int outputs() {
        return definition.outputs().size();
    }

    /**
     * The compiled program for a batch size as a listing: one line per instruction, with the memory it needs.
     *
     * @param batch the batch size, at least 0; ignored if no shape has the batch axis
     */
    public String listing(int batch) {
        try (Session session = session()) {
            return session.listing(batch);
        }
    }
}
