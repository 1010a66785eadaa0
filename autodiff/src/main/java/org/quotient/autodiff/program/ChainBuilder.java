package org.quotient.autodiff.program;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.kernel.Chain;

/** Turns the operations of one pass into the straight-line code of a {@link Chain}. */
final class ChainBuilder {
    private final int[] sizes;
    private final List<View> operands = new ArrayList<>();
    private final List<Chain.Load> loads = new ArrayList<>();
    private final Map<Expr, Integer> loaded = new IdentityHashMap<>();
    private final List<Expr> computed = new ArrayList<>();
    private final Map<Expr, Double> constants = new IdentityHashMap<>();

    /**
     * Finds what a pass reads.
     *
     * @param sizes its iteration space
     * @param members its elementwise operations, operands first
     * @param value the view of a node outside the pass
     * @param constant the only value of a node whose elements are all the same known number, else null
     */
    ChainBuilder(
            int[] sizes,
            List<Expr> members,
            Function<Expr, View> value,
            Function<Expr, @org.jspecify.annotations.Nullable Double> constant) {
        this.sizes = sizes;
        for (Expr member : members) {
            for (Expr operand : member.operands()) {
                if (members.contains(operand) || loaded.containsKey(operand) || constants.containsKey(operand)) {
                    continue;
                }
                Double number = constant.apply(operand);
                if (number == null) {
                    load(operand, value.apply(operand));
                } else {
                    constants.put(operand, number);
                }
            }
            computed.add(member);
        }
    }

    /** A pass that only reads one operand. */
    ChainBuilder(int[] sizes, Expr operand, View view) {
        this.sizes = sizes;
        load(operand, view);
    }

    private void load(Expr operand, View view) {
        for (int i = 0; i < operands.size(); i++) {
            if (operands.get(i).sameAs(view)) {
                loaded.put(operand, i);
                return;
            }
        }
        loaded.put(operand, operands.size());
        loads.add(new Chain.Load(operands.size(), View.list(view.strides())));
        operands.add(view);
    }

    /** What is read, in the order of the chain's loads. */
    List<View> operands() {
        return operands;
    }

    /** The code, with the registers of given nodes as stores. */
    Chain chain(List<Expr> stored) {
        Map<Expr, Integer> register = new IdentityHashMap<>(loaded);
        List<Chain.Instruction> code = new ArrayList<>();
        int next = loads.size();
        for (Map.Entry<Expr, Double> constant : constants.entrySet()) {
            code.add(new Chain.Constant(constant.getValue()));
            register.put(constant.getKey(), next++);
        }
        for (Expr node : computed) {
            code.add(instruction(node, register));
            register.put(node, next++);
        }
        return new Chain(
                View.list(sizes),
                loads,
                code,
                stored.stream().map(s -> of(register, s)).toList());
    }

    private static Chain.Instruction instruction(Expr node, Map<Expr, Integer> register) {
        return switch (node.op()) {
            case Op.Unary u -> new Chain.Unary(u.kind(), of(register, node.operand(0)));
            case Op.Binary b ->
                new Chain.Binary(b.kind(), of(register, node.operand(0)), of(register, node.operand(1)));
            default -> throw new IllegalStateException("Not elementwise: " + node.describe());
        };
    }

    private static int of(Map<Expr, Integer> register, Expr node) {
        Integer found = register.get(node);
        if (found == null) {
            throw new IllegalStateException("No register holds " + node.describe());
        }
        return found;
    }
}
