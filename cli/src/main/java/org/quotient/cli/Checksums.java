package org.quotient.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;

/** Numbers that tell other weights and other graphs from these, in every process the same: CRC-32. */
final class Checksums {
    private Checksums() {}

    /** Of names and numbers. */
    static long of(Weights weights) {
        CRC32 sum = new CRC32();
        weights.asMap().forEach((name, tensor) -> {
            sum.update(name.getBytes(StandardCharsets.UTF_8));
            add(sum, tensor);
        });
        return sum.getValue();
    }

    /** Of operations, shapes and constants and how they hang together, in order. */
    static long of(Network network) {
        CRC32 sum = new CRC32();
        Map<Expr, Integer> numbers = new IdentityHashMap<>();
        for (Expr node : Graph.topological(network.outputs())) {
            numbers.put(node, numbers.size());
            if (node.op() instanceof Op.Constant c) {
                add(sum, c.value());
            }
            String op = node.op().toString();
            // What prints as its place in memory has another one in the next process.
            String line = (op.contains("@") ? "" : op) + node.describe() + " " + node.shape() + " " + node.dtype()
                    + node.operands().stream().map(numbers::get).toList() + "\n";
            sum.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return sum.getValue();
    }

    private static void add(CRC32 sum, Tensor tensor) {
        ByteBuffer eight = ByteBuffer.allocate(Double.BYTES);
        for (double value : tensor.data()) {
            sum.update(eight.putDouble(0, value).array());
        }
    }
}
