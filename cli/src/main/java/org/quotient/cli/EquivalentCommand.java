package org.quotient.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.OrbitEquivalence;
import org.quotient.geometry.RescalingGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quotient equivalent A B}. */
@Command(
        name = "equivalent",
        description = "Are two networks the same up to positive rescaling? Exit code 0: yes; 1: no, with the reason.",
        footer = {
            "",
            "Modulo positive rescaling only: permutations of units and negative scales are not considered.",
            "Initialisers are matched by name, else by order and shape. Dead and idle parameters are not compared.",
            "",
            "Examples:",
            "  quotient equivalent model.onnx rescaled.onnx",
            "  quotient equivalent resnet-18 resnet.onnx --seed 7",
            "  quotient equivalent mlp:2-3-1 mlp:2-3-1 --seed 1 --seed-b 2 --json"
        })
final class EquivalentCommand implements Callable<Integer> {
    private static final double TOLERANCE_F64 = 1e-9;
    private static final double TOLERANCE_F32 = 1e-5;

    /** How the reason of {@link OrbitEquivalence} begins where signs and zeros agree and the logarithms do not. */
    private static final String NO_RESCALING = "no rescaling";

    @Parameters(index = "0", paramLabel = "A", description = "A file ending in .onnx, or a built-in.")
    private String first;

    @Parameters(index = "1", paramLabel = "B", description = "Another.")
    private String second;

    @Option(
            names = "--tolerance",
            paramLabel = "T",
            description =
                    "The largest difference of logarithms that counts as none (default 1e-9 in f64, 1e-5 in f32).")
    private @Nullable Double tolerance;

    @Option(
            names = "--seed-b",
            paramLabel = "N",
            description = "The seed of B's weights if it is a built-in (default: as --seed).")
    private @Nullable Long seedB;

    @Mixin
    private NetworkOptions options;

    @Mixin
    private Common common;

    @Override
    public Integer call() {
        if (tolerance != null && !(tolerance >= 0)) {
            throw new BadInput("--tolerance expects a number of at least 0; given " + tolerance + ".");
        }
        LoadedNetwork a = options.load(first).requireFinite();
        LoadedNetwork b =
                options.load(second, seedB == null ? options.seed() : seedB).requireFinite();
        return common.deliver(compare(a, b));
    }

    private Comparison compare(LoadedNetwork a, LoadedNetwork b) {
        Matching matching = Matching.of(a.network(), b.network());
        String difference = matching.problem();
        if (difference.isEmpty()) {
            difference = SameGraph.difference(a.model(), b.network(), matching);
        }
        if (!difference.isEmpty()) {
            OrbitEquivalence none = new OrbitEquivalence(
                    false, Double.NaN, "not two points of one network: " + difference, new double[0], 0, 0);
            return new Comparison(first, second, none);
        }
        Weights pulled = matching.pull(a.network(), b.model().weights());
        double limit = tolerance != null ? tolerance : single(a) || single(b) ? TOLERANCE_F32 : TOLERANCE_F64;
        RescalingGroup group = RescalingGroup.of(a.network());
        return new Comparison(
                first, second, OrbitEquivalence.of(group, a.model().weights(), pulled, limit));
    }

    private static boolean single(LoadedNetwork loaded) {
        return loaded.network().parameters().stream().map(Expr::dtype).anyMatch(DType.F32::equals);
    }

    private record Comparison(String first, String second, OrbitEquivalence result) implements Answer {
        @Override
        public void json(Json json) {
            json.put("equivalent", result.equivalent())
                    .put("residual", result.residual())
                    .put("reason", result.reason())
                    .numbers("logScales", result.logScales())
                    .put("compared", result.compared())
                    .put("skipped", result.skipped());
        }

        @Override
        public String text(Style style) {
            double largest = 0;
            for (double z : result.logScales()) {
                largest = Math.max(largest, Math.abs(z));
            }
            String verdict = result.equivalent() ? style.good("equivalent") : style.bad("not equivalent");
            // Where a sign or a zero tells them apart, logarithms of the rest say nothing.
            boolean logarithms = result.equivalent() || result.reason().startsWith(NO_RESCALING);
            Table table = new Table("", "");
            if (logarithms) {
                table.row("residual", Table.real(result.residual()));
            }
            table.row("compared", Table.count(result.compared()))
                    .row("generators", Table.count(result.logScales().length));
            if (logarithms) {
                table.row("largest |log λ|", Table.real(largest));
            }
            return first + " and " + second + ": " + verdict + "\n" + result.reason() + "\n"
                    + (result.compared() == 0 ? "" : table.text(style));
        }

        @Override
        public int exitCode() {
            return result.equivalent() ? 0 : 1;
        }
    }
}
