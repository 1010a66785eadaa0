package org.quotient.autodiff.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quotient.autodiff.DType;

/**
 * Which computed buffers share memory: two whose lifetimes do not overlap may. A buffer lives from the instruction that
 * writes it first to the last that reads it; those of outputs live to the end. Where a kernel may write in place of an
 * operand that dies with it, it does.
 */
final class MemoryPlan {
    /** Memory to be, shared by buffers one after the other. */
    private static final class Slot {
        private final DType dtype;
        private int size;

        private Slot(DType dtype) {
            this.dtype = dtype;
        }
    }

    private final Map<Buffer, Integer> first = new IdentityHashMap<>();
    private final Map<Buffer, Integer> last = new IdentityHashMap<>();
    private final Map<Buffer, Slot> slots = new IdentityHashMap<>();
    private final List<Slot> all = new ArrayList<>();
    private final List<Slot> free = new ArrayList<>();

    private MemoryPlan() {}

    /**
     * Gives every computed buffer its memory.
     *
     * @param code the instructions in order
     * @param kept buffers whose values are read after a run
     * @param arenas to ask for it
     * @return the number of bytes of all of them together
     */
    static long place(List<Instruction> code, Set<Buffer> kept, Map<DType, Arena> arenas) {
        MemoryPlan plan = new MemoryPlan();
        plan.lifetimes(code, kept);
        for (int i = 0; i < code.size(); i++) {
            plan.step(code.get(i), i);
        }
        long bytes = 0;
        Map<Slot, Arena.Run> runs = new HashMap<>();
        for (Slot slot : plan.all) {
            runs.put(
                    slot,
                    java.util.Objects.requireNonNull(arenas.get(slot.dtype)).request(slot.size));
            bytes += (long) slot.size * (slot.dtype == DType.F64 ? Double.BYTES : Float.BYTES);
        }
        plan.slots.forEach((buffer, slot) -> buffer.place(java.util.Objects.requireNonNull(runs.get(slot))));
        return bytes;
    }

    private void lifetimes(List<Instruction> code, Set<Buffer> kept) {
        for (int i = 0; i < code.size(); i++) {
            int now = i;
            code.get(i).writes().forEach(b -> first.putIfAbsent(b, now));
            code.get(i).writes().forEach(b -> last.put(b, now));
            code.get(i).reads().forEach(b -> last.put(b, now));
        }
        kept.forEach(b -> last.put(b, Integer.MAX_VALUE));
    }

    private void step(Instruction instruction, int now) {
        List<Buffer> dying = new ArrayList<>();
        for (Buffer read : instruction.reads()) {
            if (read.kind() == Buffer.Kind.COMPUTED && lastUse(read) == now) {
                dying.add(read);
            }
        }
        for (Buffer write : instruction.writes()) {
            if (write.kind() == Buffer.Kind.COMPUTED && !slots.containsKey(write)) {
                Slot slot = inPlace(instruction, write, dying);
                slots.put(write, slot == null ? take(write) : slot);
                if (lastUse(write) == now) {
                    dying.add(write);
                }
            }
        }
        dying.forEach(b -> free.add(slotOf(b)));
    }

    private @org.jspecify.annotations.Nullable Slot inPlace(Instruction instruction, Buffer write, List<Buffer> dying) {
        for (Buffer candidate : instruction.mayOverwrite()) {
            if (candidate.size() == write.size() && candidate.dtype() == write.dtype() && dying.remove(candidate)) {
                return slotOf(candidate);
            }
        }
        return null;
    }

    private Slot take(Buffer buffer) {
        Slot best = null;
        for (Slot slot : free) {
            if (slot.dtype == buffer.dtype() && (best == null || better(slot.size, best.size, buffer.size()))) {
                best = slot;
            }
        }
        if (best == null) {
            best = new Slot(buffer.dtype());
            all.add(best);
        } else {
            free.remove(best);
        }
        best.size = Math.max(best.size, buffer.size());
        return best;
    }

    /** The smallest that is large enough, else the largest: it grows least. */
    private static boolean better(int size, int best, int needed) {
        boolean fits = size >= needed;
        if (fits != best >= needed) {
            return fits;
        }
        return fits ? size < best : size > best;
    }

    private int lastUse(Buffer buffer) {
        return last.getOrDefault(buffer, -1);
    }

    private Slot slotOf(Buffer buffer) {
        return java.util.Objects.requireNonNull(slots.get(buffer));
    }
}
