package org.quotient.autodiff.program;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;

/**
 * Updates in two parts: a sum {@code u = w∘(r cᵀ) ± a·b} and something made from u, such as u with rows of norm 1. Once nothing
 * else needs the old value of w, u may lie in w's place, and then what is made from it. So u and what depends on it are put at
 * the end of the schedule, if nothing that comes there reads w.
 */
final class Betweens {
    private Betweens() {}

    /** A schedule with such sums at the end, as new values of their variable as well. */
    static Schedule of(Definition definition, Grouping grouping, Schedule schedule, Set<Expr> kept) {
        Map<Expr, String> candidates = Absorption.candidates(schedule.order());
        Schedule now = schedule;
        // The last layer's first, as everywhere: what the next run reads first is then written last.
        for (Map.Entry<String, Expr> update :
                new ArrayList<>(definition.updates().entrySet()).reversed()) {
            Expr sum = only(update.getKey(), update.getValue(), candidates);
            if (sum != null
                    && sum != update.getValue()
                    && grouping.headOf(sum) == sum
                    && shown(sum, schedule.order()).stream().noneMatch(kept::contains)) {
                now = moved(definition, grouping, now, sum, update.getKey(), update.getValue());
            }
        }
        return now;
    }

    /** The one sum for a variable that its update depends on, or null. */
    private static @Nullable Expr only(String variable, Expr root, Map<Expr, String> candidates) {
        Expr found = null;
        for (Map.Entry<Expr, String> candidate : candidates.entrySet()) {
            if (candidate.getValue().equals(variable)) {
                if (found != null) {
                    return null;
                }
                found = candidate.getKey();
            }
        }
        return found != null && Graph.topological(List.of(root)).contains(found) ? found : null;
    }

    private static Schedule moved(
            Definition definition, Grouping grouping, Schedule schedule, Expr sum, String variable, Expr root) {
        Set<Expr> after = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Expr> first = new ArrayList<>();
        List<Expr> later = new ArrayList<>();
        for (Expr node : schedule.order()) {
            if (node == sum || node.operands().stream().anyMatch(after::contains)) {
                after.add(node);
                later.add(node);
            } else {
                first.add(node);
            }
        }
        first.addAll(later);
        Map<Expr, Expr> source = Schedule.sources(first);
        Map<Expr, Integer> position = Schedule.positions(first);
        if (!isInOrder(first, grouping, position)
                || Schedule.lastReader(variable, sum, first, source, grouping, position)
                        >= Schedule.position(position, sum)) {
            return schedule;
        }
        Map<Expr, String> direct = Schedule.direct(definition, grouping, first, source);
        for (Map.Entry<Expr, String> other : schedule.direct().entrySet()) {
            // A variable that could be written directly before must not lose that.
            if (!definition.updates().containsValue(other.getKey())) {
                if (Schedule.lastReader(other.getValue(), other.getKey(), first, source, grouping, position)
                        >= Schedule.position(position, other.getKey())) {
                    return schedule;
                }
                direct.put(other.getKey(), other.getValue());
            } else if (!direct.containsKey(other.getKey())) {
                return schedule;
            }
        }
        direct.put(sum, variable);
        int end = Schedule.position(position, grouping.headOf(root));
        Set<Expr> shown = shown(sum, first);
        for (Expr user : first) {
            Expr head = grouping.headOf(user);
            if (head != grouping.headOf(root)
                    && user.operands().stream().anyMatch(shown::contains)
                    && Schedule.position(position, head) > end) {
                direct.remove(root);
            }
        }
        return new Schedule(first, direct);
    }

    /** A value and the nodes that only show it under other strides: all of them lie in its place. */
    private static Set<Expr> shown(Expr value, List<Expr> order) {
        Set<Expr> shown = Collections.newSetFromMap(new IdentityHashMap<>());
        shown.add(value);
        for (Expr node : order) {
            if (Schedule.isView(node.op()) && shown.contains(node.operand(0))) {
                shown.add(node);
            }
        }
        return shown;
    }

    /** Whether every value is there when the pass that needs it comes. */
    private static boolean isInOrder(List<Expr> order, Grouping grouping, Map<Expr, Integer> position) {
        for (Expr node : order) {
            int at = Schedule.position(position, grouping.headOf(node));
            for (Expr operand : node.operands()) {
                if (Schedule.position(position, grouping.headOf(operand)) > at) {
                    return false;
                }
            }
        }
        return true;
    }
}
