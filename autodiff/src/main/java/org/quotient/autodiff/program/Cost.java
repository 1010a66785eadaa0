package org.quotient.autodiff.program;

import java.util.List;
import org.quotient.autodiff.DType;

/**
 * What one run of a compiled program does, counted from its instructions.
 *
 * @param flops arithmetic operations: a multiplication and an addition for each term of a product or a convolution, one for each
 *     element of each elementwise operation and of each sum; operations whose number depends on the values, and the few operations
 *     per element of pooling, normalisation and softmax, are not counted
 * @param bytes of the arrays that the instructions read and write, each once per instruction, whether they come from memory or from
 *     a cache
 * @param instructions how many there are
 */
public record Cost(long flops, long bytes, int instructions) {

    static Cost of(List<Instruction> code) {
        double flops = 0;
        long bytes = 0;
        for (Instruction instruction : code) {
            flops += instruction.flops();
            for (List<Buffer> touched : List.of(instruction.reads(), instruction.writes())) {
                for (Buffer buffer : touched) {
                    bytes += (long) buffer.size() * (buffer.dtype() == DType.F64 ? Double.BYTES : Float.BYTES);
                }
            }
        }
        return new Cost(Math.round(flops), bytes, code.size());
    }
}
