package org.quotient.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.optimizers.Law;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.Subgroup;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.checks.Invariance;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.DivergedException;
import org.quotient.optimizers.training.Loss;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quotient invariance --optimizer NAME --network NETWORK --steps K}. */
@Command(
        name = "invariance",
        description = "Measures from which rescalings of the weights a training does not change.",
        footer = {
            "",
            "The network is trained from its weights and from rescaled ones on the same random batches with half the squared",
            "error; losses and the outputs reached are compared, for random elements of each subgroup of the rescalings. The",
            "learning rate is the largest power of two from which on three in turn change no loss by more than a tenth in a",
            "step and leave the function alive. Felt is what runs from weights changed in their last bits do not explain, or",
            "what grows with the scales. 'bitwise' says whether all is the same bits for scales that are powers of two.",
            "Updates that take the weights as they are also go on from a state rescaled half way. Normalisations are measured",
            "with an epsilon of nearly 0, since only then scales before them are symmetries. Inputs by which rows of a table",
            "are looked up are whole numbers. Exit code 1: the update does not keep the law that it declares.",
            "",
            "Subgroups: full, every rescaling; layer-uniform, one scale per layer; layer-uniform-without-biases, the same where",
            "no biases scale, else none; last-hidden and first-hidden, the scales of the last or first hidden units;",
            "normalised, the scales before a normalisation. They are shown where the network has them.",
            "",
            "Examples:",
            "  quotient invariance --optimizer sm --network mlp:4-8-8-3 --steps 20",
            "  quotient invariance --optimizer frame-adam:beta1=0.8 --network model.onnx --steps 10 --json",
            "  quotient invariance --optimizer class:MyUpdate.java --network resnet-18,width=0.125,input=3x8x8 --steps 3"
        })
final class InvarianceCommand implements Callable<Integer> {
    @Mixin
    private OptimizerOption optimizer;

    @Option(
            names = "--network",
            required = true,
            paramLabel = "NETWORK",
            description = "A file ending in .onnx, or a built-in.")
    private String network;

    @Option(names = "--steps", paramLabel = "K", defaultValue = "10", description = "Steps of training (default 10).")
    private int steps;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "8",
            description = "Samples of each batch, fresh ones for each step (default 8).")
    private int batch;

    @Option(
            names = "--spread",
            paramLabel = "S",
            defaultValue = "1",
            description = "Standard deviation of the log-scales (default 1).")
    private double spread;

    @Mixin
    private NetworkOptions options;

    @Mixin
    private Common common;

    @Override
    public Integer call() {
        Ranges.atLeast("--steps", steps, 1, "steps");
        Ranges.atLeast("--batch", batch, 2, "samples");
        if (!(spread > 0 && spread <= 20)) {
            throw new BadInput("--spread expects a number above 0 and at most 20; given " + spread + ".");
        }
        Update update = optimizer.update();
        LoadedNetwork loaded = options.load(network).requireFinite();
        try {
            Problem problem = Problem.of(ExactSymmetries.of(loaded.network()), Loss.halfSquaredError());
            CounterRandom random = CounterRandom.seeded(options.seed()).split("invariance");
            List<Batch> batches = new ArrayList<>();
            for (int t = 0; t < steps; t++) {
                CounterRandom mine = random.split(t);
                batches.add(new Batch(
                        RandomInputs.of(loaded.network(), batch, mine),
                        normal(loaded.network().outputs().getFirst(), batch, mine.split("target"))));
            }
            Invariance measured = Invariance.measure(
                    problem,
                    update,
                    loaded.model().weights(),
                    batches,
                    RandomInputs.of(loaded.network(), 64, random.split("probe")),
                    new Invariance.Settings(spread, options.seed()));
            return common.deliver(new Measured(update.name(), update.law(), network, steps, measured));
        } catch (IllegalArgumentException | DivergedException e) {
            throw new BadInput(String.valueOf(e.getMessage()), e);
        }
    }

    private static Tensor normal(Expr like, int samples, CounterRandom random) {
        return Tensor.fill(like.shape().bind(samples), like.dtype(), random::normal);
    }

    private record Measured(String optimizer, Law declared, String network, int steps, Invariance found)
            implements Answer {
        private Invariance.Measured full() {
            Invariance.Measured full = found.measured().get(Subgroup.FULL);
            return full == null ? new Invariance.Measured(0, 0, true, true) : full;
        }

        private String law() {
            List<Subgroup> law = found.law();
            return law.contains(Subgroup.FULL) ? "invariant" : law.isEmpty() ? "none" : "subgroup";
        }

        private String subgroup() {
            return found.law().stream().map(Subgroup::id).collect(Collectors.joining(","));
        }

        private boolean kept() {
            return found.measured().entrySet().stream()
                    .filter(e -> declared.isInvariant() || declared.subgroups().contains(e.getKey()))
                    .allMatch(e -> e.getValue().survives());
        }

        @Override
        public int exitCode() {
            return kept() ? 0 : 1;
        }

        @Override
        public void json(Json json) {
            json.put("law", law())
                    .put("subgroup", subgroup())
                    .put("functionDeviation", full().functionDeviation())
                    .put("bitwise", full().bitwise())
                    .put("declared", declared.toString())
                    .put("declaredKept", kept())
                    .put("learningRate", found.learningRate())
                    .put("rounding", found.rounding())
                    .put("lossFirst", found.losses().getFirst())
                    .put("lossLast", found.losses().getLast())
                    .objects(
                            "subgroups",
                            found.measured().entrySet(),
                            (object, e) -> object.put("subgroup", e.getKey().id())
                                    .put("dimension", e.getValue().dimension())
                                    .put("survives", e.getValue().survives())
                                    .put("functionDeviation", e.getValue().functionDeviation())
                                    .put("bitwise", e.getValue().bitwise()))
                    .put("optimizer", optimizer)
                    .put("network", network)
                    .put("steps", steps);
        }

        @Override
        public String text(Style style) {
            Table table = new Table("subgroup", "dimension#", "deviation#", "bitwise", "", "which");
            for (Map.Entry<Subgroup, Invariance.Measured> e : found.measured().entrySet()) {
                Invariance.Measured m = e.getValue();
                table.row(
                        e.getKey().id(),
                        m.dimension(),
                        Table.real(m.functionDeviation()),
                        m.bitwise() ? "yes" : "no",
                        m.survives() ? "not felt" : "felt",
                        e.getKey().text());
            }
            String measured =
                    law().equals("subgroup") ? "invariant under " + subgroup().replace(",", ", ") : law();
            boolean vacuous = !declared.subgroups().isEmpty()
                    && declared.subgroups().stream().noneMatch(found.measured()::containsKey);
            return style.strong(optimizer + " on " + network) + ", " + steps + " steps, learning rate "
                    + found.learningRate() + "\n"
                    + table.text(style)
                    + "measured: " + measured + "; declared: " + declared
                    + (kept() ? "" : style.bad(", which is not kept")) + "\n"
                    + (found.measured().isEmpty()
                            ? "This network has no scale that a rescaling could change, so nothing was measured.\n"
                            : vacuous
                                    ? "Of what is declared nothing was measured: this network has no such rescalings.\n"
                                    : "");
        }
    }
}
