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

/** Emits the instructions of one node: one method per family of operations. */
final class Emitter {
    /** Rough costs on one thread, in nanoseconds; they decide only whether threads pay. */
    static final double PER_FLOP = 0.02;

    static final double PER_ELEMENT = 0.3;

    private final Lowering lowering;
    private final Grouping grouping;
    private final Puts puts;
    private final ProductEmitter products;

    Emitter(Lowering lowering, Grouping grouping, Puts puts) {
        this.lowering = lowering;
        this.grouping = grouping;
        this.puts = puts;
        this.products = new ProductEmitter(lowering);
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
        Puts.Put put = puts.of(node);
        if (put != null) {
            replace(node, put);
            return;
        }
        Absorption.Update update = absorption.of(node);
        if (update != null) {
            products.absorb(node, update);
            return;
        }
        switch (node.op()) {
            case Op.Elementwise e -> chain(node);
            case Op.Reduce r when r.kind() == Op.ReduceKind.FIRST_MAX -> firstMaximum(node, r);
            case Op.Reduce r -> reduce(node, r);
            case Op.Einsum e -> products.einsum(node, e);
            case Op.Conv c -> convolve(node, c);
            case Op.Pad p -> pad(node, p);
            case Op.Concat c -> concat(node, c);
            case Op.Pool p -> pool(node, p);
            case Op.Normalise n -> normalise(node, n);
            case Op.Gather g -> gather(node, g);
            case Op.Scatter t -> scatter(node, t);
            case Op.Move m -> reference(node, new Numbers.Real(node.dtype()));
            case Op.Custom c -> reference(node, new Numbers.Real(node.dtype()));
            case Op.Leaf l -> throw new IllegalStateException("A leaf is not computed: " + node.describe());
        }
    }

    private void add(String name, DType dtype, List<View> reads, View write, double work, Instruction.Binder binder) {
        add(name, dtype, reads, List.of(write), List.of(), work, 0, binder);
    }

    private void add(
            String name,
            DType dtype,
            List<View> reads,
            List<View> writes,
            List<View> mayOverwrite,
            double work,
            double flops,
            Instruction.Binder binder) {
        lowering.add(new Instruction(
                name, dtype, buffers(reads), buffers(writes), buffers(mayOverwrite), work, flops, binder));
    }

    static List<Buffer> buffers(List<View> views) {
        return views.stream().map(View::buffer).distinct().toList();
    }

    static List<Place> places(List<View> views) {
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
        lowering.add(new Instruction(
                "chain " + View.text(sizes)
                        + members.stream().map(m -> " " + name(m)).reduce("", String::concat),
                head.dtype(),
                buffers(read),
                buffers(written),
                buffers(reusable),
                chain.elements() * PER_ELEMENT * (members.size() + 1) / 2,
                (double) chain.elements() * members.size(),
                (kernels, temporaries) -> kernels.chain(chain, places(read), places(written)),
                new ByRows.Passing(chain, read, written)));
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
                name(node) + " " + View.text(sizes)
                        + members.stream().map(m -> " " + name(m)).reduce("", String::concat),
                node.dtype(),
                read,
                List.of(to),
                List.of(),
                chain.elements() * PER_ELEMENT * (members.size() + 1) / 2,
                (double) chain.elements() * (members.size() + 1),
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

    // ---- Convolutions

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
                flops,
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

    private void gather(Expr node, Op.Gather op) {
        View x = lowering.dense(node.operand(0));
        View to = lowering.target(node, lowering.sizes(node), List.of(x));
        lowering.put(node, to);
        int[] parts = parts(x, op.axis());
        add(
                "gather",
                node.dtype(),
                List.of(x),
                to,
                to.elements() * PER_ELEMENT,
                (kernels, temporaries) ->
                        kernels.gather(parts[0], parts[1], parts[2], op.indices(), x.place(), to.place()));
    }

    private void scatter(Expr node, Op.Scatter op) {
        View x = lowering.dense(node.operand(0));
        View to = lowering.target(node, lowering.sizes(node), List.of(x));
        lowering.put(node, to);
        int[] parts = parts(to, op.axis());
        add(
                "scatter",
                node.dtype(),
                List.of(x),
                to,
                (x.elements() + to.elements()) * PER_ELEMENT,
                (kernels, temporaries) ->
                        kernels.scatter(parts[0], parts[1], parts[2], op.indices(), x.place(), to.place()));
    }

    /** The number of elements before an axis, along it, and after it. */
    private static int[] parts(View view, int axis) {
        int[] parts = {1, view.sizes()[axis], 1};
        for (int i = 0; i < view.sizes().length; i++) {
            if (i != axis) {
                parts[i < axis ? 0 : 2] *= view.sizes()[i];
            }
        }
        return parts;
    }

    private void replace(Expr node, Puts.Put put) {
        View x = lowering.view(put.x());
        View values = lowering.dense(put.values());
        Buffer direct = lowering.destination(node);
        View to = x;
        if (direct == null || x.buffer() != direct || !x.isDense()) {
            to = lowering.target(node, lowering.sizes(node), List.of(x, values));
            lowering.copyInto(x, to);
        }
        View at = to;
        lowering.put(node, at);
        add(
                "put " + put.places().size(),
                node.dtype(),
                List.of(values, at),
                at,
                put.places().size() * PER_ELEMENT,
                (kernels, temporaries) -> kernels.put(put.places(), values.place(), at.place()));
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
                0,
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
