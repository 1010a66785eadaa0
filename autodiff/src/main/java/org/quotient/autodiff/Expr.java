package org.quotient.autodiff;

import java.util.List;
import java.util.Objects;

/**
 * An immutable node of the expression graph: an operation, its operands, a static shape and a dtype. Building one checks
 * the shapes. Nodes are compared by identity; {@link org.quotient.autodiff.rewrite.Rewriter} merges equal ones.
 */
public final class Expr {
    private final Op op;
    private final List<Expr> operands;
    private final Shape shape;
    private final DType dtype;
    private final String label;

    private Expr(Op op, List<Expr> operands, Shape shape, DType dtype, String label) {
        this.op = op;
        this.operands = operands;
        this.shape = shape;
        this.dtype = dtype;
        this.label = label;
    }

    /**
     * Applies an operation.
     *
     * @param op the operation
     * @param operands its operands, all of one dtype
     * @return the node
     * @throws IllegalArgumentException naming the operation and the shapes, if they do not fit
     */
    public static Expr of(Op op, List<Expr> operands) {
        List<Expr> copy = List.copyOf(operands);
        Shape shape = ShapeRule.shape(op, copy);
        DType dtype = ShapeRule.dtype(op, copy);
        return new Expr(op, copy, shape, dtype, "");
    }

    /** Applies an operation; see {@link #of(Op, List)}. */
    public static Expr of(Op op, Expr... operands) {
        return of(op, List.of(operands));
    }

    /** A fixed value. */
    public static Expr constant(Tensor value) {
        return of(new Op.Constant(value), List.of());
    }

    /** A named input of a network or function. */
    public static Expr input(String name, DType dtype, Shape shape) {
        return of(new Op.Variable(name, Op.Role.INPUT, shape, dtype), List.of());
    }

    /** A named trainable parameter; its shape has no batch axis. */
    public static Expr parameter(String name, DType dtype, Shape shape) {
        return of(new Op.Variable(name, Op.Role.PARAMETER, shape, dtype), List.of());
    }

    /** A named value that is kept but not trained, such as a running mean. */
    public static Expr buffer(String name, DType dtype, Shape shape) {
        return of(new Op.Variable(name, Op.Role.BUFFER, shape, dtype), List.of());
    }

    /** The operation. */
    public Op op() {
        return op;
    }

    /** The operands, in order. */
    public List<Expr> operands() {
        return operands;
    }

    /** Operand i. */
    public Expr operand(int i) {
        return operands.get(i);
    }

    /** The static shape. */
    public Shape shape() {
        return shape;
    }

    /** The type of the values. */
    public DType dtype() {
        return dtype;
    }

    /** The name that a builder or a file gave to this node, empty if none. */
    public String label() {
        return label;
    }

    /** This node under a name that errors, reports and printouts use. */
    public Expr named(String name) {
        return new Expr(op, operands, shape, dtype, Objects.requireNonNull(name));
    }

    /** The same operation on other operands, keeping the name. */
    public Expr withOperands(List<Expr> others) {
        if (others.size() == operands.size()) {
            boolean same = true;
            for (int i = 0; i < others.size(); i++) {
                same &= others.get(i) == operands.get(i);
            }
            if (same) {
                return this;
            }
        }
        Expr fresh = of(op, others);
        return label.isEmpty() ? fresh : fresh.named(label);
    }

    /** A short description for errors: name or operation, and shape. */
    public String describe() {
        String what = op instanceof Op.Variable v ? v.name() : Names.of(op);
        return (label.isEmpty() ? what : label + " (" + what + ")") + " " + shape;
    }

    // ---- The common functions, so that formulas read from left to right; see Ops for their conventions.

    /** x + y, broadcast. */
    public Expr plus(Expr other) {
        return Ops.add(this, other);
    }

    /** x + c. */
    public Expr plus(double c) {
        return Ops.add(this, Ops.scalar(c, dtype));
    }

    /** x − y, broadcast. */
    public Expr minus(Expr other) {
        return Ops.sub(this, other);
    }

    /** x·y, broadcast. */
    public Expr times(Expr other) {
        return Ops.mul(this, other);
    }

    /** c·x. */
    public Expr times(double c) {
        return Ops.mul(this, Ops.scalar(c, dtype));
    }

    /** x/y, broadcast. */
    public Expr over(Expr other) {
        return Ops.div(this, other);
    }

    /** −x. */
    public Expr neg() {
        return Ops.neg(this);
    }

    /** max(x, 0). */
    public Expr relu() {
        return Ops.relu(this);
    }

    /** Sum over the axes; all if none is given. */
    public Expr sum(int... axes) {
        return Ops.sum(this, axes);
    }

    /** Mean over the axes; all if none is given. */
    public Expr mean(int... axes) {
        return Ops.mean(this, axes);
    }

    /** Matrix product, batched over leading axes. */
    public Expr matmul(Expr other) {
        return Ops.matmul(this, other);
    }

    /** The elements under another shape. */
    public Expr reshape(int... sizes) {
        return Ops.reshape(this, Shape.of(sizes));
    }

    /** Axes reordered; reversed if none is given. */
    public Expr transpose(int... order) {
        return Ops.transpose(this, order);
    }

    @Override
    public String toString() {
        return Text.of(this);
    }
}
