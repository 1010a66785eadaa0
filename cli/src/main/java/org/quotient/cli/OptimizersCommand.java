package org.quotient.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.quotient.optimizers.zoo.OptimizerKind;
import org.quotient.optimizers.zoo.Optimizers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code quotient optimizers}. */
@Command(
        name = "optimizers",
        description = "Lists the optimizers: their step, settings, law and source.",
        footer = {
            "",
            "The law says from which rescalings of the weights the training does not change: all of them (invariant), those of",
            "a subgroup, or none. 'quotient invariance' measures it.",
            "",
            "Examples:",
            "  quotient optimizers",
            "  quotient optimizers --json"
        })
final class OptimizersCommand implements Callable<Integer> {
    @Mixin
    private Common common;

    @Override
    public Integer call() {
        return common.deliver(new Listing(Optimizers.all()));
    }

    private record Listing(List<OptimizerKind> kinds) implements Answer {
        @Override
        public void json(Json json) {
            json.objects(
                    "optimizers",
                    kinds,
                    (object, kind) -> object.put("name", kind.name())
                            .put("law", kind.update("").law().toString())
                            .put("step", kind.formula())
                            .put("settings", settings -> kind.settings().forEach(settings::put))
                            .put("learningRate", kind.learningRate())
                            .put("batch", kind.batch())
                            .put("source", kind.source()));
        }

        @Override
        public String text(Style style) {
            StringBuilder text = new StringBuilder();
            for (OptimizerKind kind : kinds) {
                text.append(style.strong(kind.name()))
                        .append("  ")
                        .append(kind.update("").law())
                        .append('\n');
                text.append("    ").append(kind.formula()).append('\n');
                String settings = kind.settings().entrySet().stream()
                        .map(Listing::setting)
                        .collect(Collectors.joining(", "));
                text.append("    settings ")
                        .append(settings.isEmpty() ? "none" : settings)
                        .append("; learning rate ")
                        .append(kind.learningRate())
                        .append(kind.batch() == OptimizerKind.BATCH ? "" : ", batch " + kind.batch())
                        .append('\n');
                text.append("    ").append(style.faint(kind.source())).append("\n");
            }
            return text.toString();
        }

        private static String setting(Map.Entry<String, String> entry) {
            return entry.getKey() + "=" + entry.getValue();
        }
    }
}
