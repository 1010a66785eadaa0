package org.quotient.autodiff.program;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/**
 * From a graph to instructions, for one batch size: strided moves become views, elementwise operations become passes, what
 * depends on no variable is computed now, and everything else becomes a call of its kernel.
 */
final class Lowering {
    private final Definition definition;
    private final int batch;
    private final Map<String, Buffer> variables;
    private final Map<Expr, View> views = new IdentityHashMap<>();
    private final Map<Buffer, Tensor> constants = new LinkedHashMap<>();
    private final Map<Expr, Tensor> known = new IdentityHashMap<>();
    private final List<Instruction> code = new ArrayList<>();
    private final Map<Expr, Buffer> destination = new IdentityHashMap<>();
    private final Set<Expr> fixed = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Expr, View> oldValues = new IdentityHashMap<>();
    private final List<View> results = new ArrayList<>();
    private final Map<Expr, Expr> rowSquares = new IdentityHashMap<>();

    private Lowering(Definition definition, int batch, Map<String, Buffer> variables) {
        this.definition = definition;
        this.batch = batch;
        this.variables = variables;
    }

    /**
     * Instructions before memory is planned.
     *
     * @param code in order
     * @param variables the buffers of all variables by name; those whose shape has the batch axis belong to this plan only
     * @param constants what to write into constant buffers
     * @param outputs where the outputs are after a run
     */
    record Result(
            List<Instruction> code, Map<String, Buffer> variables, Map<Buffer, Tensor> constants, List<View> outputs) {}

    /**
     * Lowers a graph.
     *
     * @param definition what to compute
     * @param batch the batch size, −1 if no shape needs it
     * @param shared buffers of the variables without a batch axis
     * @throws IllegalArgumentException if a shape needs the batch size and it is not given
     */
    static Result of(Definition definition, int batch, Map<String, Buffer> shared) {
        Map<String, Buffer> variables = new HashMap<>(shared);
        Lowering lowering = new Lowering(definition, batch, variables);
        for (Op.Variable v : definition.variables().values()) {
            if (v.shape().isSymbolic()) {
                int size = lowering.bound(v.shape(), v.name()).elements();
                variables.put(v.name(), new Buffer(Buffer.Kind.VARIABLE, v.dtype(), size));
            }
        }
        lowering.run();
        return new Result(Following.apply(lowering.code), variables, lowering.constants, lowering.results);
    }

    private void run() {
        List<Expr> nodes = Graph.topological(definition.roots());
        for (Expr node : nodes) {
            if (!(node.op() instanceof Op.Variable)
                    && !(node.op() instanceof Op.Custom)
                    && fixed.containsAll(node.operands())) {
                fixed.add(node);
            }
        }
        Set<Expr> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        kept.addAll(definition.outputs());
        kept.addAll(definition.updates().values());
        boolean real = definition.field() == null;
        Puts puts = real ? Puts.of(nodes, kept, fixed, this) : Puts.none();
        Grouping grouping = real ? Grouping.of(nodes, kept, fixed, puts::isApart) : Grouping.none();
        Schedule schedule = Schedule.of(definition, grouping, nodes);
        schedule = real ? Betweens.of(definition, grouping, schedule, kept) : schedule;
        schedule.direct().forEach((root, name) -> destination.put(root, variable(name)));
        copyOldValues();
        Emitter emitter = new Emitter(this, grouping, puts);
        Absorption absorption = real ? Absorption.of(schedule, grouping, kept, fixed, this) : Absorption.none(this);
        if (real) {
            rowSquares.putAll(RowSquares.of(schedule.order(), grouping, destination.keySet()));
            rowSquares.putAll(RowSquares.ofSums(schedule.order(), grouping, destination.keySet(), absorption));
        }
        for (Expr node : schedule.order()) {
            if (fixed.contains(node) || node.op() instanceof Op.Leaf || views.containsKey(node)) {
                continue;
            }
            if (!grouping.isInside(node) && !absorption.isAbsorbed(node) && !puts.isPart(node)) {
                emitter.emit(node, absorption);
            }
        }
        for (Expr output : definition.outputs()) {
            View old = oldValues.get(output);
            results.add(old == null ? view(output) : old);
        }
        writeBack();
    }

    /**
     * Outputs and new values that only show a variable which gets a new value itself are its old value: they are copied before
     * anything else.
     */
    private void copyOldValues() {
        definition.outputs().forEach(this::copyOldValue);
        definition.updates().forEach((name, value) -> {
            if (!isItself(name, value)) {
                copyOldValue(value);
            }
        });
    }

    private void copyOldValue(Expr value) {
        Expr root = value;
        while (Schedule.isView(root.op())) {
            root = root.operand(0);
        }
        if (root.op() instanceof Op.Variable v
                && definition.updates().containsKey(v.name())
                && !oldValues.containsKey(value)) {
            View shown = stridedView(value);
            oldValues.put(value, shown.buffer().kind() == Buffer.Kind.VARIABLE ? copy(shown) : shown);
        }
    }

    private static boolean isItself(String variable, Expr value) {
        return value.op() instanceof Op.Variable v && v.name().equals(variable);
    }

    private View stridedView(Expr node) {
        if (Schedule.isView(node.op()) && !views.containsKey(node)) {
            views.put(node, strided(node, stridedView(node.operand(0))));
        }
        return view(node);
    }

    private void writeBack() {
        List<Map.Entry<View, Buffer>> pending = new ArrayList<>();
        for (Map.Entry<String, Expr> update : definition.updates().entrySet()) {
            if (isItself(update.getKey(), update.getValue())) {
                continue;
            }
            Buffer variable = variable(update.getKey());
            View old = oldValues.get(update.getValue());
            View value = old == null ? view(update.getValue()) : old;
            if (value.buffer() != variable) {
                pending.add(Map.entry(value, variable));
            } else if (!destination.containsKey(update.getValue())
                    && !value.sameAs(View.dense(variable, value.sizes()))) {
                pending.add(Map.entry(copy(value), variable));
            }
        }
        pending.forEach(
                p -> copyInto(p.getKey(), View.dense(p.getValue(), p.getKey().sizes())));
    }

    // ---- What emitters ask for

    Definition definition() {
        return definition;
    }

    int batch() {
        return batch;
    }

    /** The sums of squares that a product, or a sum that it is added to, may make on the way, or null. */
    @Nullable
    Expr rowSquares(Expr node) {
        return rowSquares.get(node);
    }

    void add(Instruction instruction) {
        code.add(instruction);
    }

    void put(Expr node, View view) {
        views.put(node, view);
    }

    int[] sizes(Expr node) {
        return bound(node.shape(), node.describe()).sizes();
    }

    private Shape bound(Shape shape, String what) {
        if (!shape.isSymbolic()) {
            return shape;
        }
        if (batch < 0) {
            throw new IllegalArgumentException("The batch size of " + what
                    + " is not known: no input with a batch axis was given; Session.batch(n) tells it");
        }
        return shape.bind(batch);
    }

    Buffer variable(String name) {
        Buffer found = variables.get(name);
        if (found == null) {
            throw new IllegalStateException("No memory for variable '" + name + "'");
        }
        return found;
    }

    /** Where a node's value goes: straight into the variable that it updates, if nothing forbids, or into new memory. */
    View target(Expr node, int[] sizes, List<View> read) {
        Buffer direct = destination.get(node);
        if (direct != null && read.stream().noneMatch(v -> v.buffer() == direct)) {
            return View.dense(direct, sizes);
        }
        return fresh(node.dtype(), sizes);
    }

    /** The variable that an update may write, or null. */
    @Nullable
    Buffer destination(Expr node) {
        return destination.get(node);
    }

    View fresh(DType dtype, int[] sizes) {
        return View.dense(new Buffer(Buffer.Kind.COMPUTED, dtype, View.elements(sizes)), sizes);
    }

    /** The value of a node that has been computed. */
    View view(Expr node) {
        View found = views.get(node);
        if (found != null) {
            return found;
        }
        View made = switch (node.op()) {
            case Op.Variable v -> View.dense(variable(v.name()), sizes(node));
            default -> constant(node);
        };
        views.put(node, made);
        return made;
    }

    /** A node's value, row-major and contiguous. */
    View dense(Expr node) {
        View view = view(node);
        return view.isDense() ? view : copy(view);
    }

    /** The number that all elements of a node are, if it depends on no variable and is one number repeated. */
    @Nullable
    Double number(Expr node) {
        if (!fixed.contains(node)) {
            return null;
        }
        Tensor value = constants.get(view(node).buffer());
        return value == null || value.size() != 1 ? null : value.get(0);
    }

    private View constant(Expr node) {
        if (!fixed.contains(node)) {
            throw new IllegalStateException("No value yet for " + node.describe());
        }
        if (Schedule.isView(node.op())) {
            return strided(node, view(node.operand(0)));
        }
        Tensor value = value(node);
        Buffer buffer = new Buffer(Buffer.Kind.CONSTANT, node.dtype(), value.size());
        constants.put(buffer, value);
        return View.dense(buffer, value.shape().sizes());
    }

    /** The value of a node that depends on no variable. */
    Tensor value(Expr node) {
        Tensor found = known.get(node);
        if (found == null) {
            found = definition.field() == null
                    ? Evaluator.evaluate(List.of(node), Map.of(), Math.max(0, batch))
                            .get(0)
                    : Evaluator.evaluate(List.of(node), Map.of(), definition.field())
                            .get(0);
            known.put(node, found);
        }
        return found;
    }

    /** A strided move as a view, copying only where a reshape has no strides. */
    View strided(Expr node, View x) {
        return switch (node.op()) {
            case Op.Transpose t -> x.permuted(t.order());
            case Op.Broadcast b -> x.broadcast(sizes(node), b.axes());
            case Op.Slice s -> x.sliced(sizes(node), s.starts(), s.steps());
            case Op.Reshape r -> {
                View seen = x.reshaped(sizes(node));
                yield seen != null ? seen : View.dense(copy(x).buffer(), sizes(node));
            }
            default -> throw new IllegalStateException("Not a strided move: " + node.describe());
        };
    }

    /** A dense copy. */
    View copy(View from) {
        View to = fresh(from.buffer().dtype(), from.sizes());
        copyInto(from, to);
        return to;
    }

    /** A dense copy with reordered axes. */
    View copy(View from, int[] order) {
        return copy(from.permuted(View.list(order)));
    }

    void copyInto(View from, View to) {
        code.add(new Instruction(
                "copy",
                from.buffer().dtype(),
                List.of(from.buffer()),
                List.of(to.buffer()),
                List.of(),
                from.elements() * 0.5,
                0,
                (kernels, temporaries) -> kernels.copy(
                        View.list(from.sizes()),
                        from.place(),
                        View.list(from.strides()),
                        to.place(),
                        View.list(to.strides()))));
    }
}
