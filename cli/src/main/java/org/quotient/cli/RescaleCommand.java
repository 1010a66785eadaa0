package org.quotient.cli;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.criteria.OrbitCriterion;
import org.quotient.geometry.lifting.PathLifting;
import org.quotient.interop.WholeFile;
import org.quotient.interop.onnx.OnnxExport;
import org.quotient.interop.onnx.OnnxWriter;
import org.quotient.interop.onnx.RuntimeAgreement;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quotient rescale IN [OUT] --criterion NAME}. */
@Command(
        name = "rescale",
        description = "Chooses the representative of a network's class that a criterion wants, and writes it.",
        footer = {
            "",
            "pathcond: diag G as even as rescaling can make it (path conditioning, Lebeurrier et al. 2026); the criterion",
            "  is the divergence p KL(uniform || diag G), minimised over a common factor.",
            "enorm: the sum of |w|^p is least (equi-normalisation, Stock et al. 2019; biases included). balanced: p = 2.",
            "unit-norm: incoming weights of norm 1; the criterion is the largest |log norm|.",
            "gradient-balanced: the squared norm of the gradient is least; teleport: it is largest within |z| at most R.",
            "",
            "Scales before a normalisation and those of dead units are left where they are ('frozen'). The function is",
            "compared before anything is written: a change beyond 1e-4 (f32) or 1e-9 (f64) is an error. maxOutputChange is",
            "max|f' - f| / max|f| on random inputs, with batch statistics where the network has batch normalisation.",
            "traceBefore and traceAfter are tr G = tr K, the mean speed in path space (null where there is no lifting).",
            "",
            "Examples:",
            "  quotient rescale model.onnx conditioned.onnx --criterion pathcond --check-with onnxruntime",
            "  quotient rescale resnet-34 --criterion pathcond --dry-run",
            "  quotient rescale mlp:784-512-512-10 out.onnx --criterion pathcond --sweeps 10 --json",
            "  quotient rescale model.onnx out.onnx --criterion gradient-balanced --inputs X.npy --targets Y.npy"
        })
final class RescaleCommand implements Callable<Integer> {
    private static final int CHECKED_SAMPLES = 100;

    @Parameters(index = "0", paramLabel = "IN", description = "A file ending in .onnx, or a built-in.")
    private String in;

    @Parameters(
            index = "1",
            paramLabel = "OUT",
            arity = "0..1",
            description = "The file to write, ending in .onnx; may be IN. Without it nothing is written.")
    private @Nullable String out;

    @Option(names = "--dry-run", description = "Write nothing, only say what would be done.")
    private boolean dryRun;

    @Option(
            names = "--check-with",
            paramLabel = "RUNTIME",
            description = "onnxruntime: let ONNX Runtime compare the two files on 100 random inputs as well.")
    private @Nullable String runtime;

    @Mixin
    private CriterionOptions wanted;

    @Mixin
    private NetworkOptions options;

    @Mixin
    private Common common;

    @Override
    public Integer call() {
        wanted.check();
        if (runtime != null && !runtime.equals("onnxruntime")) {
            throw new BadInput("--check-with knows onnxruntime only; given '" + runtime + "'.");
        }
        Path target = target();
        LoadedNetwork loaded = options.load(in).requireFinite();
        Model model = loaded.model();
        long start = System.nanoTime();
        RescalingGroup group = RescalingGroup.of(model.network());
        Rescaled found = found(group, model);
        Weights moved = found.rescaling().weights(model.weights());
        double seconds = (System.nanoTime() - start) / 1e9;
        OutputChange change = OutputChange.of(model, moved, options.seed());
        double output = change.training() == null ? change.relative() : change.training();
        DType dtype = single(model) ? DType.F32 : DType.F64;
        require(output, dtype, "The rescaled network");
        Trace trace =
                found.trace() == null ? Trace.of(group, model, found.rescaling().z()) : found.trace();
        Double checked = null;
        if (runtime != null || target != null) {
            ModelProto after = proto(loaded, moved);
            if (runtime != null) {
                checked = RuntimeAgreement.largestChange(
                        proto(loaded, model.weights()), after, CHECKED_SAMPLES, options.seed());
                require(checked, dtype, "In ONNX Runtime the rescaled network");
            }
            if (target != null) {
                WholeFile.write(target, after::writeTo);
            }
        }
        return common.deliver(new RescaleAnswer(
                wanted.name(), target == null ? null : out, group.rank(), found, trace, seconds, output, checked));
    }

    private @Nullable Path target() {
        if (out == null) {
            return null;
        }
        if (!out.toLowerCase(Locale.ROOT).endsWith(".onnx")) {
            throw new BadInput("OUT is an ONNX file, its name must end in .onnx; given '" + out + "'.");
        }
        return dryRun ? null : LoadedNetwork.path(out);
    }

    private Rescaled found(RescalingGroup group, Model model) {
        try {
            return wanted.find(group, model);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new BadInput(String.valueOf(e.getMessage()) + ".", e);
        }
    }

    private static boolean single(Model model) {
        return model.network().parameters().stream().anyMatch(p -> p.dtype() == DType.F32);
    }

    private static void require(double change, DType dtype, String who) {
        double most = dtype == DType.F32 ? 1e-4 : 1e-9;
        if (!(change <= most)) {
            throw new BadInput(
                    who + " computes outputs that differ by " + Table.real(change) + " (relative), more than "
                            + most + ", so nothing was written. The scales are too large for " + dtype
                            + ": give a smaller --cap, or use f64.");
        }
    }

    private static ModelProto proto(LoadedNetwork loaded, Weights weights) {
        return loaded.file() == null
                ? OnnxExport.toProto(loaded.model().at(weights))
                : OnnxWriter.withWeights(loaded.file(), weights);
    }

    /**
     * The trace of the path kernel.
     *
     * @param before at the given weights
     * @param after at the rescaled ones
     */
    record Trace(double before, double after) {
        private static final Trace NONE = new Trace(Double.NaN, Double.NaN);

        /** Not a number where the network has no path lifting. */
        static Trace of(RescalingGroup group, Model model, double[] z) {
            try {
                OrbitCriterion criterion = OrbitCriterion.pathCond(group, PathLifting.of(model, group.liveness()));
                return new Trace(criterion.trace(new double[z.length]), criterion.trace(z));
            } catch (IllegalArgumentException e) {
                return NONE;
            }
        }
    }
}
