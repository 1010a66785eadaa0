package org.quotient.autodiff;

/** Which operations are sums, products, quotients and movement, and so make sense over any field. */
final class FieldOps {
    private FieldOps() {}

    static boolean allowed(Op op) {
        return switch (op) {
            case Op.Leaf l -> true;
            case Op.Unary u -> u.kind() == Op.UnaryKind.NEG || u.kind() == Op.UnaryKind.DETACH;
            case Op.Binary b ->
                switch (b.kind()) {
                    case ADD, SUB, MUL, DIV -> true;
                    case POW, MAX, PRELU -> false;
                };
            case Op.Reduce r -> r.kind() == Op.ReduceKind.SUM;
            case Op.Contraction c -> true;
            case Op.Move m -> true;
            case Op.Pool p -> p.kind() == Op.PoolKind.SUM || p.kind() == Op.PoolKind.SUM_ADJOINT;
            case Op.Normalise n -> false;
            case Op.Custom c -> false;
        };
    }
}
