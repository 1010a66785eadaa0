package org.quotient.cli;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.interop.Npy;
import org.quotient.interop.WholeFile;
import org.quotient.interop.onnx.OnnxExport;
import org.quotient.interop.onnx.OnnxWriter;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Training;
import org.quotient.optimizers.training.TrainingState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quotient step IN OUT --inputs X.npy --targets Y.npy --loss NAME --optimizer NAME --learning-rate H}. */
@Command(
        name = "step",
        description = "Takes one full-batch step of an optimizer and writes the weights reached.",
        footer = {
            "",
            "half-squared is the mean over samples of half the squared error; cross-entropy takes whole numbers as targets.",
            "Batch normalisation uses the statistics of the batch, and its running statistics follow. Optimizers that choose a",
            "representative of their own (un, ...) go there first, which does not change lossBefore; initialisations of their",
            "own that would (ec-sgd, g-sgd:init=ones, pbwn) are left out.",
            "",
            "Examples:",
            "  quotient step model.onnx next.onnx --inputs X.npy --targets Y.npy --loss cross-entropy \\",
            "      --optimizer g-sgd:skeleton=index --learning-rate 0.1",
            "  quotient step mlp:2-3-1 out.onnx --inputs X.npy --targets Y.npy --loss half-squared --optimizer sgd \\",
            "      --learning-rate 0.01 --json"
        })
final class StepCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "IN", description = "A file ending in .onnx, or a built-in.")
    private String in;

    @Parameters(index = "1", paramLabel = "OUT", description = "The file to write, ending in .onnx; may be IN.")
    private String out;

    @Option(
            names = "--inputs",
            required = true,
            paramLabel = "X.npy",
            description = "The samples; once per input of the network, in its order.")
    private List<String> inputs = new ArrayList<>();

    @Option(
            names = "--targets",
            required = true,
            paramLabel = "Y.npy",
            description = "Outputs, or whole numbers for cross-entropy.")
    private String targets;

    @Option(names = "--loss", required = true, paramLabel = "NAME", description = "half-squared or cross-entropy.")
    private String loss;

    @Option(
            names = "--learning-rate",
            required = true,
            paramLabel = "H",
            description = "The length of the step, at least 0.")
    private double learningRate;

    @Mixin
    private OptimizerOption optimizer;

    @Mixin
    private NetworkOptions options;

    @Mixin
    private Common common;

    @Override
    public Integer call() {
        if (!out.toLowerCase(Locale.ROOT).endsWith(".onnx")) {
            throw new BadInput("OUT is an ONNX file, its name must end in .onnx; given '" + out + "'.");
        }
        Ranges.rate("--learning-rate", learningRate);
        Path target = LoadedNetwork.path(out);
        Update update = optimizer.update();
        LoadedNetwork loaded = options.load(in).requireFinite();
        Network network = loaded.network();
        Batch batch = batch(network);
        Stepped stepped;
        Weights after;
        try {
            Training training = Training.of(network, kind(), update);
            TrainingState start = training.startWith(loaded.model().weights());
            Training.Step step = training.step(start, batch, learningRate);
            after = step.next().model().weights();
            stepped = new Stepped(in, out, optimizer.spec(), step.loss(), training.loss(after, batch));
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage()), e);
        }
        requireFinite(network, after, stepped);
        ModelProto proto = loaded.file() == null
                ? OnnxExport.toProto(loaded.model().at(after))
                : OnnxWriter.withWeights(loaded.file(), after);
        WholeFile.write(target, proto::writeTo);
        return common.deliver(stepped);
    }

    private Loss kind() {
        return switch (loss) {
            case "half-squared" -> Loss.halfSquaredError();
            case "cross-entropy" -> Loss.crossEntropy();
            default -> throw new BadInput("--loss expects half-squared or cross-entropy; given '" + loss + "'.");
        };
    }

    private void requireFinite(Network network, Weights after, Stepped stepped) {
        boolean finite = Double.isFinite(stepped.before()) && Double.isFinite(stepped.after());
        for (Expr p : network.parameters()) {
            finite &= Double.isFinite(after.get(p).maxAbs());
        }
        if (!finite) {
            throw new BadInput("The step leaves the finite numbers (loss " + Table.real(stepped.before()) + " before, "
                    + Table.real(stepped.after())
                    + " after), so nothing was written. Give a smaller --learning-rate than "
                    + learningRate + ", or check data and weights.");
        }
    }

    private Batch batch(Network network) {
        if (network.outputs().size() != 1) {
            throw new BadInput("A loss needs one output; the network has "
                    + network.outputs().size() + ".");
        }
        List<Tensor> values = InputFiles.read(network, inputs);
        return new Batch(values, target(network, values.getFirst().shape().size(0)));
    }

    private Tensor target(Network network, int count) {
        Expr output = network.outputs().getFirst();
        boolean squared = kind().target(Shape.of(Shape.N, 2)).rank() == 2;
        if (!squared && output.shape().rank() != 2) {
            throw new BadInput("Cross-entropy needs outputs of shape [N, classes]; the network's are " + output.shape()
                    + ". Use --loss half-squared.");
        }
        Shape wanted = kind().target(output.shape()).bind(count);
        Tensor y = Npy.read(LoadedNetwork.path(targets));
        if (!wanted.equals(y.shape())) {
            throw new BadInput(
                    "--targets has the shape " + y.shape() + "; expected " + wanted + " for " + count + " samples.");
        }
        InputFiles.requireFinite(y, "--targets");
        for (int i = 0; i < y.size() && !squared; i++) {
            double label = y.get(i);
            if (label != Math.rint(label)
                    || label < 0
                    || label >= output.shape().size(1)) {
                throw new BadInput("--targets holds " + label + " at place " + i + "; expected whole numbers from 0 to "
                        + (output.shape().size(1) - 1) + ".");
            }
        }
        return y.cast(output.dtype());
    }

    private record Stepped(String in, String out, String optimizer, double before, double after) implements Answer {
        @Override
        public void json(Json json) {
            json.put("lossBefore", before)
                    .put("lossAfter", after)
                    .put("optimizer", optimizer)
                    .put("in", in)
                    .put("out", out);
        }

        @Override
        public String text(Style style) {
            return "loss " + before + " -> " + after + " after one step of " + optimizer + ", written to " + out + "\n";
        }
    }
}
