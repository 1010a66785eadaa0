package org.quotient.cli;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.Liveness;
import org.quotient.geometry.lifting.PathLifting;
import org.quotient.geometry.lifting.ScaledTensor;
import org.quotient.interop.Npz;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quotient lift NETWORK}. */
@Command(
        name = "lift",
        description = "Counts the paths of a network and measures its path lifting, without enumerating them.",
        footer = {
            "",
            "The path lifting holds, per path from an input or bias to an output, the product of the weights on it. Where a",
            "normalisation or another operation that is not homogeneous cuts the graph, paths end there and begin anew.",
            "pathNorm1 and pathNorm2 are its norms; logPathNorm2 is finite where they are beyond the range of numbers.",
            "diagG is the diagonal of G, the squared derivatives of all paths in one parameter: min and max over the live",
            "parameters, meanLog over those where it is not 0.",
            "",
            "Examples:",
            "  quotient lift resnet-18",
            "  quotient lift model.onnx --diag-g G.npz --json"
        })
final class LiftCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NETWORK", description = "A file ending in .onnx, or a built-in.")
    private String network;

    @Option(
            names = "--diag-g",
            paramLabel = "G.npz",
            description = "Write the diagonal of G there, an array per parameter.")
    private @Nullable String diagonal;

    @Mixin
    private NetworkOptions options;

    @Mixin
    private Common common;

    @Override
    public Integer call() {
        Path target = null;
        if (diagonal != null) {
            if (!diagonal.toLowerCase(Locale.ROOT).endsWith(".npz")) {
                throw new BadInput("--diag-g expects a name ending in .npz; given '" + diagonal + "'.");
            }
            target = LoadedNetwork.path(diagonal);
        }
        LoadedNetwork loaded = options.load(network).requireFinite();
        try {
            Liveness liveness = Liveness.of(loaded.network());
            PathLifting lifting = PathLifting.of(loaded.model(), liveness);
            Map<String, ScaledTensor> energies = lifting.energies();
            Lifted lifted = new Lifted(
                    network,
                    lifting.pathCount(),
                    lifting.norm(1),
                    lifting.norm(2),
                    lifting.logNorm(2),
                    Range.of(energies, liveness.live()));
            if (target != null) {
                Map<String, Tensor> arrays = new LinkedHashMap<>();
                energies.forEach(
                        (name, g) -> arrays.put(name, Tensor.fill(g.value().shape(), DType.F64, g::get)));
                Npz.write(arrays, target);
            }
            return common.deliver(lifted);
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage()) + ".", e);
        }
    }

    /** The least and the largest of many numbers, and the mean of their logarithms. */
    private record Range(double min, double max, double meanLog, long zeros) {
        static Range of(Map<String, ScaledTensor> energies, BitSet live) {
            double min = Double.POSITIVE_INFINITY;
            double max = Double.NEGATIVE_INFINITY;
            double sum = 0;
            long positive = 0;
            long zeros = 0;
            int offset = 0;
            for (ScaledTensor energy : energies.values()) {
                Tensor g = energy.value();
                for (int i = 0; i < g.size(); i++) {
                    if (!live.get(offset + i)) {
                        continue;
                    }
                    min = Math.min(min, energy.get(i));
                    max = Math.max(max, energy.get(i));
                    if (g.get(i) > 0) {
                        sum += energy.log(i);
                        positive++;
                    } else {
                        zeros++;
                    }
                }
                offset += g.size();
            }
            return new Range(min, max, positive == 0 ? Double.NaN : sum / positive, zeros);
        }
    }

    private record Lifted(String network, BigInteger paths, double norm1, double norm2, double logNorm2, Range diagonal)
            implements Answer {
        @Override
        public void json(Json json) {
            json.put("paths", paths.toString())
                    .put("pathNorm1", norm1)
                    .put("pathNorm2", norm2)
                    .put("logPathNorm2", logNorm2)
                    .put(
                            "diagG",
                            g -> g.put("min", diagonal.min())
                                    .put("max", diagonal.max())
                                    .put("meanLog", diagonal.meanLog())
                                    .put("zeros", diagonal.zeros()))
                    .put("network", network);
        }

        @Override
        public String text(Style style) {
            String count = paths.bitLength() < 60 ? Table.count(paths.longValue()) : scientific(paths);
            return style.strong(network) + "\n"
                    + new Table("", "#", "")
                            .row("paths", count, "")
                            .row("path norm, l1", Table.real(norm1), "")
                            .row("path norm, l2", Table.real(norm2), "logarithm " + Table.real(logNorm2))
                            .row("diag G, least", Table.real(diagonal.min()), "")
                            .row("diag G, largest", Table.real(diagonal.max()), "")
                            .row("diag G, mean log", Table.real(diagonal.meanLog()), "")
                            .row("diag G, zeros", diagonal.zeros(), "live parameters on no nonzero path")
                            .text(style);
        }

        private static String scientific(BigInteger number) {
            String digits = number.toString();
            return digits.charAt(0) + "." + digits.substring(1, 4) + "e" + (digits.length() - 1);
        }
    }
}
