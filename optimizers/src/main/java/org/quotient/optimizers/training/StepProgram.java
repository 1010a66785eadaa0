package org.quotient.optimizers.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongToDoubleFunction;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.program.Program;
import org.quotient.autodiff.rewrite.ReducedContractions;
import org.quotient.autodiff.rewrite.RepeatedMasks;
import org.quotient.autodiff.rewrite.Rewriter;
import org.quotient.autodiff.rewrite.ScaledContractions;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.Point;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.State;
import org.quotient.optimizers.Update;

/**
 * A step as one program: output 0 is the loss before it, then come the reports, then, if observed, the differential.
 *
 * @param program loss, gradient, update
 * @param learningRate the variable of η
 * @param perStep variables that depend on the number of steps
 * @param slots per slot of the state the variables by parameter
 * @param fixed the fixed slots that it was built upon
 * @param buffers running statistics that the program follows
 * @param reports their names, in the order of the outputs
 */
record StepProgram(
        Program program,
        Expr learningRate,
        Map<Expr, LongToDoubleFunction> perStep,
        Map<String, Map<String, String>> slots,
        State fixed,
        List<Expr> buffers,
        List<String> reports) {

    static StepProgram of(Problem problem, Update update, State state, boolean observed) {
        Point at = Point.of(problem);
        Update.Step step = update.step(at, problem.memory(state));
        List<Expr> outputs = new ArrayList<>(List.of(problem.loss()));
        outputs.addAll(at.reports().values());
        if (observed) {
            outputs.addAll(problem.differential().values().values());
        }
        Map<Expr, Expr> updates = new LinkedHashMap<>();
        for (Expr p : problem.network().parameters()) {
            updates.put(p, step.theta().get(Network.nameOf(p)));
        }
        List<Expr> buffers = new ArrayList<>();
        problem.runningStatistics().forEach((buffer, next) -> {
            updates.put(buffer, next);
            buffers.add(buffer);
        });
        Map<String, Map<String, String>> slots = new LinkedHashMap<>();
        problem.memory(state).vectors().forEach((slot, variables) -> {
            ParameterVector next = step.state().get(slot);
            if (next == null) {
                throw new IllegalArgumentException(
                        "The step of '" + update.name() + "' gives no new value of its slot '" + slot + "' but of "
                                + step.state().keySet());
            }
            Map<String, String> names = new LinkedHashMap<>();
            variables.values().forEach((name, variable) -> {
                updates.put(variable, next.get(name));
                names.put(name, Network.nameOf(variable));
            });
            slots.put(slot, names);
        });
        return new StepProgram(
                program(outputs, updates),
                at.learningRate(),
                at.perStep(),
                slots,
                state.fixed(),
                List.copyOf(buffers),
                List.copyOf(at.reports().keySet()));
    }

    private static Program program(List<Expr> outputs, Map<Expr, Expr> updates) {
        List<Expr> all = new ArrayList<>(outputs);
        all.addAll(updates.values());
        List<Expr> shared = Rewriter.sharing().apply(all);
        List<Expr> reduced = ReducedContractions.apply(RepeatedMasks.apply(shared));
        List<Expr> scaled = ScaledContractions.apply(Rewriter.sharing().apply(reduced));
        Program.Builder build = Program.builder();
        scaled.subList(0, outputs.size()).forEach(build::output);
        int next = outputs.size();
        for (Expr variable : updates.keySet()) {
            build.update(variable, scaled.get(next++));
        }
        return build.build();
    }
}
