package org.quotient.cli;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;

/** Random numbers for the inputs of a network: normal, but whole ones where the network looks up rows of a table by them. */
final class RandomInputs {
    private RandomInputs() {}

    /**
     * One tensor per input.
     *
     * @param samples the batch
     * @param random split by the names of the inputs
     */
    static List<Tensor> of(Network network, int samples, CounterRandom random) {
        Map<Expr, List<Expr>> users = Graph.users(Graph.topological(network.outputs()));
        return network.inputs().stream()
                .map(input -> of(input, rows(input, users), samples, random.split(Network.nameOf(input))))
                .toList();
    }

    private static Tensor of(Expr input, int rows, int samples, CounterRandom random) {
        return Tensor.fill(
                input.shape().bind(samples),
                input.dtype(),
                i -> rows == Integer.MAX_VALUE ? random.normal(i) : random.below(i, rows));
    }

    /** How many whole numbers from 0 an input is compared with, the fewest where there are several; no limit if with none. */
    private static int rows(Expr input, Map<Expr, List<Expr>> users) {
        int least = Integer.MAX_VALUE;
        ArrayDeque<Expr> open = new ArrayDeque<>(List.of(input));
        while (!open.isEmpty()) {
            for (Expr user : users.getOrDefault(open.remove(), List.of())) {
                switch (user.op()) {
                    case Op.Reshape r -> open.add(user);
                    case Op.Transpose t -> open.add(user);
                    case Op.Broadcast b -> open.add(user);
                    case Op.Slice s -> open.add(user);
                    case Op.Gather g -> open.add(user);
                    case Op.Binary b
                    when b.kind() == Op.BinaryKind.SUB -> least = Math.min(least, counted(user.operand(1)));
                    default -> {}
                }
            }
        }
        return least;
    }

    /** K if a node is the numbers 0 to K − 1, repeated. */
    private static int counted(Expr node) {
        Expr at = node;
        while (at.op() instanceof Op.Broadcast) {
            at = at.operand(0);
        }
        if (at.op() instanceof Op.Constant c && c.value().size() > 1) {
            Tensor value = c.value();
            if (IntStream.range(0, value.size()).allMatch(i -> value.get(i) == i)) {
                return value.size();
            }
        }
        return Integer.MAX_VALUE;
    }
}
