package org.quotient.autodiff.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.kernel.Chain;
import org.quotient.autodiff.kernel.Product;

/** Emits Einstein summations, alone or added to the variable that they change. */
final class ProductEmitter {
    private final Lowering lowering;

    /** Numbers known at run time only, with the other sign. */
    private final Map<Expr, View> negatives = new IdentityHashMap<>();

    ProductEmitter(Lowering lowering) {
        this.lowering = lowering;
    }

    private void chain(String name, List<View> reads, View write, Chain chain, double flops) {
        lowering.add(new Instruction(
                name,
                write.buffer().dtype(),
                Emitter.buffers(reads),
                Emitter.buffers(List.of(write)),
                List.of(),
                chain.elements() * Emitter.PER_ELEMENT,
                flops,
                (kernels, temporaries) -> kernels.chain(chain, Emitter.places(reads), List.of(write.place()))));
    }

    void einsum(Expr node, Op.Einsum op) {
        EinsumPlan plan =
                EinsumPlan.of(op, lowering.view(node.operand(0)), lowering.view(node.operand(1)), lowering::copy);
        boolean inOrder = EinsumPlan.storesInOrder(op);
        View to = inOrder
                ? lowering.target(node, plan.stored(), List.of(plan.left(), plan.right()))
                : lowering.fresh(node.dtype(), plan.stored());
        lowering.put(node, inOrder ? to : to.permuted(View.list(plan.result())));
        Expr sums = lowering.rowSquares(node);
        if (sums != null && withSquares(plan, sums, to)) {
            return;
        }
        multiply(plan.product(), null, null, false, plan.left(), plan.right(), to);
    }

    /** The product together with the sums of squares of the rows of an operand, if it reads them as they lie. */
    private boolean withSquares(EinsumPlan plan, Expr sums, View to) {
        View matrix = lowering.view(sums.operand(0).operand(0));
        Product p = plan.product();
        boolean left = plan.left().buffer() == matrix.buffer();
        boolean right = plan.right().buffer() == matrix.buffer();
        int[] sizes = matrix.sizes();
        boolean asItLies = left
                ? p.m() == sizes[0] && p.aRow() == sizes[1] && p.aColumn() == 1
                : p.n() == sizes[0] && p.bColumn() == sizes[1] && p.bRow() == 1;
        if (left == right || p.batch() != 1 || p.k() != sizes[1] || !matrix.isDense() || !asItLies) {
            return false;
        }
        View squares = lowering.fresh(sums.dtype(), new int[] {sizes[0]});
        lowering.put(sums, squares);
        lowering.add(new Instruction(
                "product " + p.m() + "x" + p.n() + "x" + p.k() + " and squares",
                sums.dtype(),
                Emitter.buffers(List.of(plan.left(), plan.right())),
                Emitter.buffers(List.of(to, squares)),
                List.of(),
                p.flops() * Emitter.PER_FLOP,
                p.flops() + 2.0 * matrix.elements(),
                (kernels, temporaries) -> kernels.multiplyAndSquare(
                        p, left, plan.left().place(), plan.right().place(), to.place(), squares.place(), temporaries)));
        return true;
    }

    private void multiply(
            Product product,
            @Nullable View rows,
            @Nullable View columns,
            boolean after,
            View left,
            View right,
            View to) {
        List<View> reads = new ArrayList<>(List.of(left, right));
        if (product.accumulate()) {
            reads.add(to);
        }
        if (rows != null) {
            reads.add(rows);
        }
        if (columns != null) {
            reads.add(columns);
        }
        String name = "product " + product.m() + "x" + product.n() + "x" + product.k()
                + (product.batch() == 1 ? "" : " times " + product.batch())
                + (product.accumulate() ? " added" : "")
                + (rows == null && columns == null ? "" : after ? ", then scaled" : " to what is scaled");
        double flops = product.flops() + (rows == null ? 0.0 : to.elements()) + (columns == null ? 0.0 : to.elements());
        making(name, new ByRows.Making(product, rows, columns, after, left, right, to, null), reads, flops);
    }

    /** A product, with sums of squares of what it makes if they are asked for. */
    private void making(String name, ByRows.Making making, List<View> reads, double flops) {
        View squares = making.squares();
        lowering.add(new Instruction(
                name,
                making.to().buffer().dtype(),
                Emitter.buffers(reads),
                Emitter.buffers(squares == null ? List.of(making.to()) : List.of(making.to(), squares)),
                List.of(),
                making.product().flops() * Emitter.PER_FLOP,
                flops,
                (kernels, temporaries) -> making.bind(kernels, List.of(), temporaries),
                making));
    }

    void absorb(Expr root, Absorption.Update update) {
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
        double alpha = update.alpha();
        for (Expr factor : update.factors()) {
            View number = lowering.view(factor);
            if (alpha == -1) {
                // A sign costs nothing here, but a product with a factor of its own copies an operand.
                number = negatives.computeIfAbsent(factor, f -> negative(lowering.view(f)));
                alpha = 1;
            }
            if (scaleLeft) {
                left = scaled(left, number);
            } else {
                right = scaled(right, number);
            }
        }
        View to = View.dense(variable, plan.stored());
        lowering.put(root, to);
        Product product = plan.product().adding(alpha);
        Expr sums = lowering.rowSquares(root);
        if (sums != null && product.batch() == 1 && product.cColumn() == 1 && product.m() == plan.stored()[0]) {
            squaring(product, sums, left, right, to);
            return;
        }
        View rows = factor(update.rows(), op, true, lowering.sizes(root));
        View columns = factor(update.columns(), op, false, lowering.sizes(root));
        multiply(product, rows, columns, update.after(), left, right, to);
    }

    /** A product added to a matrix together with the sums of squares of the rows of what becomes of it. */
    private void squaring(Product product, Expr sums, View left, View right, View to) {
        View squares = lowering.fresh(sums.dtype(), new int[] {product.m()});
        lowering.put(sums, squares);
        making(
                "product " + product.m() + "x" + product.n() + "x" + product.k() + " added, and squares",
                new ByRows.Making(product, null, null, false, left, right, to, squares),
                List.of(left, right, to),
                product.flops() + 2.0 * to.elements());
    }

    /** The product of broadcasts along the rows, or along the columns, of a product, as one dense vector; null for none. */
    private @Nullable View factor(List<Expr> broadcasts, Op.Einsum op, boolean rows, int[] sizes) {
        if (broadcasts.isEmpty()) {
            return null;
        }
        String other = rows ? op.right() : op.left();
        int[] axes = IntStream.range(0, sizes.length)
                .filter(a -> other.indexOf(op.out().charAt(a)) < 0)
                .toArray();
        List<View> views = new ArrayList<>();
        for (Expr broadcast : broadcasts) {
            int[] strides = lowering.view(broadcast).strides();
            views.add(new View(
                    lowering.view(broadcast).buffer(),
                    lowering.view(broadcast).offset(),
                    Arrays.stream(axes).map(a -> sizes[a]).toArray(),
                    Arrays.stream(axes).map(a -> strides[a]).toArray()));
        }
        if (views.size() == 1 && views.getFirst().isDense()) {
            return views.getFirst();
        }
        int[] of = views.getFirst().sizes();
        View to = lowering.fresh(broadcasts.getFirst().dtype(), of);
        List<Chain.Load> loads = new ArrayList<>();
        List<Chain.Instruction> code = new ArrayList<>();
        for (int i = 0; i < views.size(); i++) {
            loads.add(new Chain.Load(i, View.list(views.get(i).strides())));
            if (i > 0) {
                code.add(new Chain.Binary(Op.BinaryKind.MUL, i == 1 ? 0 : views.size() + i - 2, i));
            }
        }
        if (views.size() == 1) {
            lowering.copyInto(views.getFirst(), to);
            return to;
        }
        Chain chain = new Chain(View.list(of), loads, code, List.of(2 * views.size() - 2));
        chain("chain " + View.text(of) + " mul", views, to, chain, chain.elements() * (views.size() - 1.0));
        return to;
    }

    private View negative(View number) {
        View to = lowering.fresh(number.buffer().dtype(), number.sizes());
        Chain chain = new Chain(
                View.list(number.sizes()),
                List.of(new Chain.Load(0, View.list(number.strides()))),
                List.of(new Chain.Unary(Op.UnaryKind.NEG, 0)),
                List.of(1));
        chain("chain 1 neg", List.of(number), to, chain, chain.elements());
        return to;
    }

    /** All of a view's buffer times one number, seen in the same way. */
    private View scaled(View view, View factor) {
        int[] all = {view.buffer().size()};
        View x = View.dense(view.buffer(), all);
        View to = lowering.fresh(view.buffer().dtype(), all);
        View scalar = factor.broadcast(all, List.of());
        Chain chain = new Chain(
                View.list(all),
                List.of(new Chain.Load(0, List.of(1)), new Chain.Load(1, List.of(0))),
                List.of(new Chain.Binary(Op.BinaryKind.MUL, 0, 1)),
                List.of(2));
        chain("chain " + all[0] + " mul", List.of(x, scalar), to, chain, all[0]);
        return new View(to.buffer(), view.offset(), view.sizes(), view.strides());
    }
}
