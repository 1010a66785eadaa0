package org.quotient.autodiff.program;

import java.util.ArrayList;
import java.util.List;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.kernel.Chain;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Product;

/** Emits the instructions of one node: one method per family of operations. */
final class Emitter {
    /** Rough costs on one thread, in nanoseconds; they decide only whether threads pay. */
    private static final double PER_FLOP = 0.02;

    private static final double PER_ELEMENT = 0.3;

    private final Lowering lowering;
    private final Grouping grouping;

    Emitter(Lowering lowering, Grouping grouping) {
        this.lowering = lowering;
        this.grouping = grouping;
    }

    void emit(Expr node, Absorption absorption) {
        if (Schedule.isView(node.op())) {
            lowering.put(node, lowering.strided(node, lowering.view(node.operand(0))));
            return;
        }
        if (lowering.definition().field() != null) {
            reference(node, lowering.definition().field());
            return;
        }
        Absorption.Update update = absorption.of(node);
        if (update != null) {
            absorb(node, update);
            return;
        }
        switch (node.op()) {
            case Op.Elementwise e -> chain(node);
            case Op.Reduce r when r.kind() == Op.ReduceKind.FIRST_MAX -> firstMaximum(node, r);
            case Op.Reduce r -> reduce(node, r);
            case Op.Einsum e -> einsum(node, e);
            case Op.Conv c -> convolve(node, c);
            case Op.Pad p -> pad(node, p);
            case Op.Concat c -> concat(node, c);
            case Op.Pool p -> pool(node, p);
            case Op.Normalise n -> normalise(node, n);
            case Op.Move m -> reference(node, new Numbers.Real(node.dtype()));
            case Op.Custom c -> reference(node, new Numbers.Real(node.dtype()));
            case Op.Leaf l -> throw new IllegalStateException("A leaf is not computed: " + node.describe());
        }
    }

    private void add(String name, DType dtype, List<View> reads, View write, double work, Instruction.Binder binder) {
        add(name, dtype, reads, List.of(write), List.of(), work, binder);
    }

    private void add(
            String name,
            DType dtype,
            List<View> reads,
            List<View> writes,
            List<View> mayOverwrite,
            double work,
            Instruction.Binder binder) {
        lowering.add(
                new Instruction(name, dtype, buffers(reads), buffers(writes), buffers(mayOverwrite), work, binder));
    }

    private static List<Buffer> buffers(List<View> views) {
        return views.stream().map(View::buffer).distinct().toList();
    }

    private static List<Place> places(List<View> views) {
        return views.stream().map(View::place).toList();
    }

    // ---- Elementwise passes and reductions

    private void chain(Expr head) {
        int[] sizes = lowering.sizes(head);
        List<Expr> members = grouping.members(head);
        ChainBuilder builder = new ChainBuilder(sizes, members, lowering::view, lowering::number);
        List<Expr> stored = members.stream().filter(grouping::isStored).toList();
        List<View> read = builder.operands();
        List<View> aligned =
                read.stream().filter(v -> v.isDense() && v.offset() == 0).toList();
        List<View> written = new ArrayList<>();
        for (Expr node : stored) {
            // In place is right only where every load of the variable is the element that is stored.
            Buffer direct = lowering.destination(node);
            boolean safe = direct != null && read.stream().allMatch(v -> v.buffer() != direct || aligned.contains(v));
            View to = safe && direct != null ? View.dense(direct, sizes) : lowering.fresh(node.dtype(), sizes);
            lowering.put(node, to);
            written.add(to);
        }
        Chain chain = builder.chain(stored);
        List<View> reusable = aligned.stream()
                .filter(v -> read.stream().allMatch(o -> o.buffer() != v.buffer() || aligned.contains(o)))
                .toList();
        add(
                "chain" + members.stream().map(m -> " " + name(m)).reduce("", String::concat),
                head.dtype(),
                read,
                written,
                reusable,
                chain.elements() * PER_ELEMENT * (members.size() + 1) / 2,
                (kernels, temporaries) -> kernels.chain(chain, places(read), places(written)));
    }

    private static String name(Expr node) {
        return switch (node.op()) {
            case Op.Unary u -> u.kind().name().toLowerCase(java.util.Locale.ROOT);
            case Op.Binary b -> b.kind().name().toLowerCase(java.util.Locale.ROOT);
            default -> node.op().getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
        };
    }

    private void reduce(Expr node, Op.Reduce op) {
        Expr operand = node.operand(0);
        int[] sizes = lowering.sizes(operand);
        List<Expr> members =
                grouping.members(node).stream().filter(m -> m != node).toList();
        ChainBuilder builder = members.isEmpty()
                ? new ChainBuilder(sizes, operand, lowering.view(operand))
                : new ChainBuilder(sizes, members, lowering::view, lowering::number);
        Chain chain = builder.chain(List.of(operand));
        List<View> read = builder.operands();
        View to = lowering.target(node, lowering.sizes(node), read);
        lowering.put(node, to);
        add(
                name(node) + members.stream().map(m -> " " + name(m)).reduce("", String::concat),
                node.dtype(),
                read,
                to,
                chain.elements() * PER_ELEMENT * (members.size() + 1) / 2,
                (kernels, temporaries) -> kernels.reduce(op.kind(), chain, op.axes(), places(read), to.place()));
    }

    private void firstMaximum(Expr node, Op.Reduce op) {
        View x = lowering.dense(node.operand(0));
        View to = lowering.target(node, x.sizes(), List.of(x));
        lowering.put(node, to);
        add(
                "first maximum",
                node.dtype(),
                List.of(x),
                to,
                x.elements() * 2.0,
                (kernels, temporaries) -> kernels.firstMaximum(View.list(x.sizes()), op.axes(), x.place(), to.place()));
    }

    // ---- Contractions

    private void einsum(Expr node, Op.Einsum op) {
        EinsumPlan plan =
                EinsumPlan.of(op, lowering.view(node.operand(0)), lowering.view(node.operand(1)), lowering::copy);
        boolean inOrder = EinsumPlan.storesInOrder(op);
        View to = inOrder
                ? lowering.target(node, plan.stored(), List.of(plan.left(), plan.right()))
                : lowering.fresh(node.dtype(), plan.stored());
        lowering.put(node, inOrder ? to : to.permuted(View.list(plan.result())));
        multiply(node.dtype(), plan.product(), plan.left(), plan.right(), to);
    }

    private void multiply(DType dtype, Product product, View left, View right, View to) {
        List<View> reads = new ArrayList<>(List.of(left, right));
        if (product.accumulate()) {
            reads.add(to);
        }
        add(
                "product " + product.m() + "x" + product.n() + "x" + product.k()
                        + (product.batch() == 1 ? "" : " times " + product.batch())
                        + (product.accumulate() ? " added" : ""),
                dtype,
                reads,
                List.of(to),
                List.of(),
                product.flops() * PER_FLOP,
                (kernels, temporaries) ->
                        kernels.multiply(product, left.place(), right.place(), to.place(), temporaries));
    }

    private void absorb(Expr root, Absorption.Update update) {
        Expr node = update.product();
        if (!(node.op() instanceof Op.Einsum op)) {
            throw new IllegalStateException("Not a product: " + node.describe());
        }
        EinsumPlan plan =
                EinsumPlan.of(op, lowering.view(node.operand(0)), lowering.view(node.operand(1)), lowering::copy);
        Buffer variable = lowering.destination(root);
        if (variable == null) {
            throw new IllegalStateException("No variable to add to: " + root.describe());
        }
        View left = plan.left();
        View right = plan.right();
        boolean scaleLeft = left.buffer().size() <= right.buffer().size();
        for (Expr factor : update.factors()) {
            if (scaleLeft) {
                left = scaled(left, factor);
            } else {
                right = scaled(right, factor);
            }
        }
        View to = View.dense(variable, plan.stored());
        lowering.put(root, to);
        multiply(node.dtype(), plan.product().adding(update.alpha()), left, right, to);
    }

    /** All of a view's buffer times one number, seen in the same way. */
    private View scaled(View view, Expr factor) {
        int[] all = {view.buffer().size()};
        View x = View.dense(view.buffer(), all);
        View to = lowering.fresh(view.buffer().dtype(), all);
        View scalar = lowering.view(factor).broadcast(all, List.of());
        List<View> read = List.of(x, scalar);
        Chain chain = new Chain(
                View.list(all),
                List.of(new Chain.Load(0, List.of(1)), new Chain.Load(1, List.of(0))),
                List.of(new Chain.Binary(Op.BinaryKind.MUL, 0, 1)),
                List.of(2));
        add(
                "chain mul",
                view.buffer().dtype(),
                read,
                to,
                all[0] * PER_ELEMENT,
                (kernels, temporaries) -> kernels.chain(chain, places(read), List.of(to.place())));
        return new View(to.buffer(), view.offset(), view.sizes(), view.strides());
    }

    private void convolve(Expr node, Op.Conv op) {
        View a = lowering.dense(node.operand(0));
        View b = lowering.dense(node.operand(1));
        int[] sizes = lowering.sizes(node);
        View to = lowering.target(node, sizes, List.of(a, b));
        lowering.put(node, to);
        Window w = op.window();
        int batch = a.sizes()[0];
        int channels = op.form() == Op.ConvForm.INPUT_ADJOINT ? sizes[1] : a.sizes()[1];
        int outputs = switch (op.form()) {
            case FORWARD, INPUT_ADJOINT -> b.sizes()[0];
            case KERNEL_ADJOINT -> b.sizes()[1];
        };
        double flops = 2.0
                * batch
                * outputs
                * w.outputHeight(op.height())
                * w.outputWidth(op.width())
                * (channels / op.groups())
                * w.kernelHeight()
                * w.kernelWidth();
        add(
                "convolution " + op.form().name().toLowerCase(java.util.Locale.ROOT) + " " + channels + "->" + outputs
                        + " " + w.kernelHeight() + "x" + w.kernelWidth() + " on " + op.height() + "x" + op.width(),
                node.dtype(),
                List.of(a, b),
                List.of(to),
                List.of(),
                flops * PER_FLOP,
                (kernels, temporaries) ->
                        kernels.convolve(op, batch, channels, outputs, a.place(), b.place(), to.place(), temporaries));
    }

    // ---- Movement with new memory

    private void pad(Expr node, Op.Pad op) {
        View x = lowering.view(node.operand(0));
        int[] sizes = lowering.sizes(node);
        View to = lowering.fresh(node.dtype(), sizes);
        int[] strides = to.strides().clone();
        int offset = 0;
        for (int i = 0; i < strides.length; i++) {
            offset += strides[i] * op.before().get(i);
            strides[i] *= op.interior().get(i) + 1;
        }
        View inside = new View(to.buffer(), x.elements() == 0 ? 0 : offset, x.sizes(), strides);
        lowering.put(node, to);
        add(
                "zeros",
                node.dtype(),
                List.of(),
                to,
                to.elements() * 0.1,
                (kernels, temporaries) -> kernels.fill(to.place(), to.elements(), 0));
        lowering.copyInto(x, inside);
    }

    private void concat(Expr node, Op.Concat op) {
        View to = lowering.fresh(node.dtype(), lowering.sizes(node));
        int start = 0;
        for (Expr operand : node.operands()) {
            View part = lowering.view(operand);
            lowering.copyInto(part, new View(to.buffer(), start * to.strides()[op.axis()], part.sizes(), to.strides()));
            start += part.sizes()[op.axis()];
        }
        lowering.put(node, to);
    }

    // ---- Windows and statistics

    private void pool(Expr node, Op.Pool op) {
        View x = lowering.dense(node.operand(0));
        List<View> read = new ArrayList<>(List.of(x));
        if (node.operands().size() == 2) {
            read.add(lowering.dense(node.operand(1)));
        }
        View to = lowering.target(node, lowering.sizes(node), read);
        lowering.put(node, to);
        int planes = x.sizes()[0] * x.sizes()[1];
        add(
                "pool " + op.kind().name().toLowerCase(java.util.Locale.ROOT),
                node.dtype(),
                read,
                to,
                (double) planes * op.height() * op.width(),
                (kernels, temporaries) -> kernels.pool(
                        op, planes, x.place(), read.size() == 2 ? read.get(1).place() : null, to.place()));
    }

    private void normalise(Expr node, Op.Normalise op) {
        List<View> read = node.operands().stream().map(lowering::dense).toList();
        View x = read.get(0);
        List<Integer> sizes = View.list(x.sizes());
        View to = lowering.target(node, x.sizes(), read);
        lowering.put(node, to);
        boolean alone = x.offset() == 0 && read.stream().skip(1).noneMatch(v -> v.buffer() == x.buffer());
        add(
                name(node),
                node.dtype(),
                read,
                List.of(to),
                alone ? List.of(x) : List.of(),
                x.elements() * 2.0,
                (kernels, temporaries) -> switch (op) {
                    case Op.Standardise s -> kernels.standardise(sizes, s.axes(), s.epsilon(), x.place(), to.place());
                    case Op.StandardiseWith s ->
                        kernels.standardiseWith(
                                sizes,
                                s.axes(),
                                s.epsilon(),
                                x.place(),
                                read.get(1).place(),
                                read.get(2).place(),
                                to.place());
                    case Op.Softmax s -> kernels.softmax(sizes, s.axis(), x.place(), to.place());
                });
    }

    // ---- What has no kernel of its own

    private void reference(Expr node, Numbers numbers) {
        List<View> read = node.operands().stream().map(lowering::dense).toList();
        View to = lowering.target(node, lowering.sizes(node), read);
        lowering.put(node, to);
        int batch = lowering.batch();
        add(
                "reference " + name(node),
                node.dtype(),
                read,
                to,
                to.elements() * 10.0,
                (kernels, temporaries) -> List.of(new Reference(
                        node,
                        places(read),
                        read.stream().map(v -> Shape.of(v.sizes())).toList(),
                        to.place(),
                        kernels,
                        values -> Evaluator.apply(node, values, batch, numbers))));
    }
}
