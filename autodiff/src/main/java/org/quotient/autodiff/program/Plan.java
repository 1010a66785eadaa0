package org.quotient.autodiff.program;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.kernel.Kernels;
import org.quotient.autodiff.kernel.Step;
import org.quotient.autodiff.kernel.Temporaries;

/**
 * A program bound to one batch size and to memory: its phases in order.
 *
 * @param code what the phases do, for listings
 * @param steps those of each instruction
 * @param phases to be run one after the other
 * @param variables the buffers of the variables by name
 * @param outputs where the outputs are after a run
 * @param bytes the memory of intermediate values
 */
record Plan(
        List<Instruction> code,
        List<List<Step>> steps,
        List<Phase> phases,
        Map<String, Buffer> variables,
        List<View> outputs,
        long bytes) {

    /** Gives the instructions memory and binds them. */
    static Plan of(Lowering.Result lowered) {
        Map<DType, Arena> arenas = Arena.each();
        for (Buffer buffer : lowered.variables().values()) {
            if (!buffer.placed()) {
                Arena.give(arenas, buffer);
            }
        }
        lowered.constants().forEach((buffer, value) -> Arena.give(arenas, buffer));
        Set<Buffer> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        lowered.outputs().forEach(v -> kept.add(v.buffer()));
        long bytes = MemoryPlan.place(lowered.code(), kept, arenas);
        arenas.values().forEach(Arena::allocate);
        lowered.constants()
                .forEach((buffer, value) ->
                        Kernels.of(buffer.dtype()).load(value.data(), 0, buffer.start(), value.size()));

        Map<DType, Temporaries> temporaries = Map.of(DType.F64, new Temporaries(), DType.F32, new Temporaries());
        List<List<Step>> bound = new ArrayList<>();
        List<Boolean> shared = new ArrayList<>();
        for (Instruction instruction : lowered.code()) {
            Temporaries own = java.util.Objects.requireNonNull(temporaries.get(instruction.dtype()));
            int before = own.requests();
            bound.add(instruction.binder().bind(Kernels.of(instruction.dtype()), own));
            shared.add(own.requests() > before);
        }
        temporaries.forEach((dtype, own) -> own.allocate(Kernels.of(dtype)));
        return new Plan(
                lowered.code(),
                bound,
                Phase.of(lowered.code(), bound, shared),
                lowered.variables(),
                lowered.outputs(),
                bytes);
    }

    /** The value of an output. */
    Tensor output(int i) {
        return read(outputs.get(i));
    }

    static Tensor read(View view) {
        double[] all = new double[view.buffer().size()];
        Kernels.of(view.buffer().dtype()).store(view.buffer().start(), all, 0, all.length);
        int[] sizes = view.sizes();
        double[] data = new double[view.elements()];
        int[] index = new int[sizes.length];
        int at = view.offset();
        for (int i = 0; i < data.length; i++) {
            data[i] = all[at];
            for (int axis = sizes.length - 1; axis >= 0; axis--) {
                at += view.strides()[axis];
                if (++index[axis] < sizes[axis]) {
                    break;
                }
                at -= sizes[axis] * view.strides()[axis];
                index[axis] = 0;
            }
        }
        return Tensor.of(org.quotient.autodiff.Shape.of(sizes), view.buffer().dtype(), data);
    }
}
