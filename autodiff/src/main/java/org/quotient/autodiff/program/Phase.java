package org.quotient.autodiff.program;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;

/** Steps that do not depend on each other: their shards may run in any order and at the same time. */
final class Phase {
    /** Below this many nanoseconds of work, waking another thread costs more than it brings. */
    private static final double WORTH = 30_000;

    private final Step[] steps;
    private final int[] starts;
    private final boolean worthwhile;

    private Phase(List<Step> steps, double work) {
        this.steps = steps.toArray(new Step[0]);
        this.starts = new int[steps.size() + 1];
        for (int i = 0; i < this.steps.length; i++) {
            starts[i + 1] = starts[i] + this.steps[i].shards();
        }
        this.worthwhile = work >= WORTH && shards() > 1;
    }

    int shards() {
        return starts[starts.length - 1];
    }

    boolean worthwhile() {
        return worthwhile;
    }

    void run(int shard, Scratch scratch) {
        int i = 0;
        while (shard >= starts[i + 1]) {
            i++;
        }
        steps[i].run(shard - starts[i], scratch);
    }

    /**
     * Groups the steps of instructions into phases, in order: an instruction joins the phase before it if neither touches
     * what the other writes.
     *
     * @param code instructions with memory
     * @param bound the steps of each
     * @param shared for each whether it uses memory that steps share
     */
    static List<Phase> of(List<Instruction> code, List<List<Step>> bound, List<Boolean> shared) {
        List<Phase> phases = new ArrayList<>();
        Draft draft = new Draft();
        for (int i = 0; i < code.size(); i++) {
            List<Step> steps = bound.get(i);
            if (!draft.admits(code.get(i), shared.get(i))) {
                draft.close(phases);
                draft = new Draft();
            }
            double work = code.get(i).work() / Math.max(1, steps.size());
            for (int s = 0; s < steps.size(); s++) {
                if (s > 0) {
                    draft.close(phases);
                    draft = new Draft();
                }
                draft.add(code.get(i), steps.get(s), work, shared.get(i));
            }
        }
        draft.close(phases);
        return phases;
    }

    private static final class Draft {
        private final List<Step> steps = new ArrayList<>();
        private final Set<Object> read = java.util.Collections.newSetFromMap(new IdentityHashMap<>());
        private final Set<Object> written = java.util.Collections.newSetFromMap(new IdentityHashMap<>());
        private boolean shared;
        private double work;

        boolean admits(Instruction instruction, boolean sharing) {
            return !(shared && sharing)
                    && instruction.reads().stream().noneMatch(b -> written.contains(b.memory()))
                    && instruction.writes().stream()
                            .noneMatch(b -> written.contains(b.memory()) || read.contains(b.memory()));
        }

        void add(Instruction instruction, Step step, double cost, boolean sharing) {
            steps.add(step);
            instruction.reads().forEach(b -> read.add(b.memory()));
            instruction.writes().forEach(b -> written.add(b.memory()));
            shared |= sharing;
            work += cost;
        }

        void close(List<Phase> phases) {
            if (!steps.isEmpty()) {
                phases.add(new Phase(steps, work));
            }
        }
    }
}
