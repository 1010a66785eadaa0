package org.quotient.cli;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.quotient.geometry.criteria.OrbitCriterion;

/** What {@code rescale} says. */
record RescaleAnswer(
        String criterion,
        @Nullable String out,
        int generators,
        Rescaled found,
        RescaleCommand.Trace trace,
        double seconds,
        double change,
        @Nullable Double checked)
        implements Answer {

    @Override
    public void json(Json json) {
        json.put("criterion", criterion)
                .put("before", found.before())
                .put("after", found.after())
                .put("sweeps", found.sweeps())
                .put("iterations", found.iterations())
                .put("gap", found.gap() == null ? Double.NaN : found.gap())
                .put("residual", found.residual())
                .put("maxAbsLogScale", largest())
                .put("uncappedMaxAbsLogScale", found.maxAbsLogScale())
                .put("capped", found.capped())
                .put("frozen", found.frozenCount())
                .objects(
                        "frozenReasons",
                        reasons().entrySet(),
                        (one, reason) -> one.put("reason", reason.getKey()).put("generators", reason.getValue()))
                .put("traceBefore", trace.before())
                .put("traceAfter", trace.after())
                .put("seconds", seconds)
                .put("maxOutputChange", change)
                .put("generators", generators);
        if (checked != null) {
            json.put("maxOutputChangeOnnxRuntime", checked);
        }
        if (!found.remark().isEmpty()) {
            json.put("remark", found.remark());
        }
        if (out != null) {
            json.put("out", out);
        }
    }

    private double largest() {
        double most = 0;
        for (double z : found.rescaling().z()) {
            most = Math.max(most, Math.abs(z));
        }
        return most;
    }

    private Map<String, Long> reasons() {
        return new TreeMap<>(found.frozen().stream()
                .collect(Collectors.groupingBy(OrbitCriterion.Frozen::reason, Collectors.counting())));
    }

    @Override
    public String text(Style style) {
        Table table = new Table("", "#", "");
        table.row(criterion, Table.real(found.before()), "before");
        table.row("", Table.real(found.after()), "after");
        if (found.gap() != null) {
            table.row(
                    "gap to the minimum",
                    Table.real(found.gap()),
                    "at most, after " + found.iterations() + " iterations");
        } else if (found.sweeps() > 0) {
            table.row("sweeps", found.sweeps(), "");
        }
        table.row("residual", Table.real(found.residual()), "");
        table.row("largest |z|", Table.real(largest()), "logarithm of a scale");
        table.row("generators", generators, "");
        for (Map.Entry<String, Long> reason : reasons().entrySet()) {
            table.row("frozen", reason.getValue(), reason.getKey());
        }
        if (found.capped() > 0) {
            table.row("capped", found.capped(), "");
        }
        if (!Double.isNaN(trace.before())) {
            table.row("tr G", Table.real(trace.before()), "before");
            table.row("", Table.real(trace.after()), "after");
        }
        table.row("change of outputs", Table.real(change), "relative");
        if (checked != null) {
            table.row("", Table.real(checked), "in ONNX Runtime, on 100 inputs");
        }
        table.row("seconds", Table.real(seconds), "");
        if (!found.remark().isEmpty()) {
            table.remark(found.remark());
        }
        if (generators == 0) {
            table.remark("the group is trivial: there is nothing to rescale");
        }
        return style.strong(out == null ? "nothing written" : out) + "\n" + table.text(style);
    }
}
