package org.quotient.cli;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.criteria.Minimiser;
import org.quotient.geometry.criteria.OrbitCriterion;
import org.quotient.geometry.criteria.Teleport;
import org.quotient.geometry.criteria.UnitNorm;
import org.quotient.geometry.lifting.PathLifting;
import org.quotient.interop.Npy;
import picocli.CommandLine.Option;

/** Which representative of the class of the weights is wanted, and how it is found. */
final class CriterionOptions {
    private static final List<String> NAMES =
            List.of("pathcond", "enorm", "balanced", "unit-norm", "gradient-balanced", "teleport");
    private static final String TARGETS = "targets";

    @Option(
            names = "--criterion",
            required = true,
            paramLabel = "NAME",
            description = "pathcond, enorm, balanced, unit-norm, gradient-balanced or teleport.")
    private String name;

    @Option(
            names = "--sweeps",
            paramLabel = "K",
            description = "At most K sweeps along one scale after the other, as published for pathcond (10 there).")
    private @Nullable Integer sweeps;

    @Option(names = "--exact", description = "To the minimum, with a certificate. The default.")
    private boolean exact;

    @Option(
            names = "--cap",
            paramLabel = "Z",
            description = "Keep every |z| at most Z (default 32 for f32, 256 for f64).")
    private @Nullable Double cap;

    @Option(
            names = "--regularise",
            paramLabel = "MU",
            description =
                    "Add MU/2 times the sum of z squared to the criterion (to the logarithm of a sum of squares or powers).")
    private @Nullable Double ridge;

    @Option(names = "--p", paramLabel = "P", description = "The exponent of enorm's norm (default 2).")
    private @Nullable Double exponent;

    @Option(names = "--radius", paramLabel = "R", description = "Teleport within |z| at most R (default 1).")
    private @Nullable Double radius;

    @Option(
            names = "--inputs",
            paramLabel = "X.npy",
            description =
                    "Samples: pathcond then weighs paths by the mean squares of their inputs; gradients need them.")
    private @Nullable String inputs;

    @Option(
            names = "--targets",
            paramLabel = "Y.npy",
            description = "What gradients need besides: outputs, or whole numbers for cross-entropy.")
    private @Nullable String targets;

    @Option(
            names = "--loss",
            paramLabel = "LOSS",
            description = "half-squared or cross-entropy (default cross-entropy).")
    private @Nullable String loss;

    /** The criterion's name. */
    String name() {
        return name;
    }

    /** Refuses what does not go together, before anything is computed. */
    void check() {
        if (!NAMES.contains(name)) {
            throw new BadInput("--criterion expects one of " + String.join(", ", NAMES) + "; given '" + name + "'.");
        }
        boolean gradients = name.equals("gradient-balanced") || name.equals("teleport");
        if (sweeps != null && exact) {
            throw new BadInput("--sweeps and --exact exclude each other; give one of them.");
        }
        if (sweeps != null && sweeps < 1) {
            throw new BadInput("--sweeps expects a whole number of at least 1; given " + sweeps + ".");
        }
        positive("--cap", cap, true);
        positive("--regularise", ridge, false);
        positive("--p", exponent, false);
        positive("--radius", radius, false);
        boolean section = name.equals("unit-norm") || name.equals("teleport");
        only("--sweeps", sweeps != null, !section, "a criterion that is minimised");
        only("--exact", exact, !section, "a criterion that is minimised");
        only("--cap", cap != null, !section, "a criterion that is minimised");
        only("--regularise", ridge != null, !section, "a criterion that is minimised");
        only("--p", exponent != null, name.equals("enorm"), "--criterion enorm");
        only("--radius", radius != null, name.equals("teleport"), "--criterion teleport");
        only("--inputs", inputs != null, gradients || name.equals("pathcond"), "pathcond and gradients");
        only("--targets", targets != null, gradients, "gradient-balanced and teleport");
        only("--loss", loss != null, gradients, "gradient-balanced and teleport");
        if (gradients && (inputs == null || targets == null)) {
            throw new BadInput(
                    "--criterion " + name + " needs the gradient of a loss: give --inputs X.npy and --targets Y.npy.");
        }
        if (loss != null && !loss.equals("half-squared") && !loss.equals("cross-entropy")) {
            throw new BadInput("--loss expects half-squared or cross-entropy; given '" + loss + "'.");
        }
    }

    private static void positive(String option, @Nullable Double value, boolean mayBeInfinite) {
        if (value != null && !(value > 0 && (mayBeInfinite || Double.isFinite(value)))) {
            throw new BadInput(option + " expects a positive number; given " + value + ".");
        }
    }

    private static void only(String option, boolean given, boolean fits, String what) {
        if (given && !fits) {
            throw new BadInput(option + " goes with " + what + "; leave it out.");
        }
    }

    /** Finds the representative. */
    Rescaled find(RescalingGroup group, Model model) {
        return switch (name) {
            case "unit-norm" -> unitNorm(group, model);
            case "teleport" ->
                Rescaled.of(Teleport.within(
                        OrbitCriterion.gradientBalanced(group, gradient(model)), radius == null ? 1 : radius, 0));
            case "gradient-balanced" -> minimised(OrbitCriterion.gradientBalanced(group, gradient(model)));
            case "enorm" -> minimised(OrbitCriterion.enorm(group, model, exponent == null ? 2 : exponent, Map.of()));
            case "balanced" -> minimised(OrbitCriterion.balanced(group, model));
            default -> pathCond(group, model);
        };
    }

    private Rescaled pathCond(RescalingGroup group, Model model) {
        OrbitCriterion criterion = OrbitCriterion.pathCond(group, lifting(group, model));
        Rescaled found = minimised(criterion);
        return inputs == null ? found.withTrace(criterion) : found;
    }

    private static Rescaled unitNorm(RescalingGroup group, Model model) {
        UnitNorm section = UnitNorm.of(group, model);
        return Rescaled.of(section, UnitNorm.residual(group, model));
    }

    private Rescaled minimised(OrbitCriterion criterion) {
        Minimiser minimiser = sweeps == null ? Minimiser.exact() : Minimiser.sweeps(sweeps);
        return Rescaled.of((cap == null ? minimiser : minimiser.cap(cap))
                .minimise(ridge == null ? criterion : criterion.regularised(ridge)));
    }

    private PathLifting lifting(RescalingGroup group, Model model) {
        PathLifting lifting = PathLifting.of(model, group.liveness());
        if (inputs == null) {
            return lifting;
        }
        Expr input = theInput(model.network());
        Tensor x = samples(input);
        int size = x.size() / x.shape().sizes()[0];
        int count = x.shape().sizes()[0];
        double[] energy = new double[size];
        for (int i = 0; i < x.size(); i++) {
            energy[i % size] += x.get(i) * x.get(i) / count;
        }
        return lifting.withInputEnergies(
                Map.of(Network.nameOf(input), Tensor.of(input.shape().bind(1), energy)));
    }

    private static Expr theInput(Network network) {
        if (network.inputs().size() != 1) {
            throw new BadInput("--inputs gives one array; the network has "
                    + network.inputs().size() + " inputs, which this command cannot feed.");
        }
        return network.inputs().getFirst();
    }

    private Tensor samples(Expr input) {
        Tensor x = Npy.read(LoadedNetwork.path(String.valueOf(inputs)));
        int[] sizes = x.shape().sizes();
        if (sizes.length == 0 || sizes[0] == 0 || !input.shape().bind(sizes[0]).equals(x.shape())) {
            throw new BadInput("--inputs has the shape " + x.shape() + "; the network's input '" + Network.nameOf(input)
                    + "' needs " + input.shape() + ", with at least one sample.");
        }
        for (int i = 0; i < x.size(); i++) {
            if (!Double.isFinite(x.get(i))) {
                throw new BadInput("--inputs holds " + x.get(i) + " at place " + i + "; all numbers must be finite.");
            }
        }
        return x;
    }

    private Map<String, Tensor> gradient(Model model) {
        Network network = model.network();
        Expr input = theInput(network);
        Tensor x = samples(input);
        Tensor y = Npy.read(LoadedNetwork.path(String.valueOf(targets)));
        if (network.outputs().size() != 1) {
            throw new BadInput("A loss needs one output; the network has "
                    + network.outputs().size() + ".");
        }
        Expr output = network.outputs().getFirst();
        boolean squared = "half-squared".equals(loss);
        Shape wanted = squared ? output.shape() : Shape.of(Shape.N);
        int count = x.shape().sizes()[0];
        if (!squared && output.shape().rank() != 2) {
            throw new BadInput("Cross-entropy needs outputs of shape [N, classes]; the network's are " + output.shape()
                    + ". Use --loss half-squared.");
        }
        if (!wanted.bind(count).equals(y.shape())) {
            throw new BadInput("--targets has the shape " + y.shape() + "; expected " + wanted.bind(count) + ".");
        }
        for (int i = 0; i < y.size(); i++) {
            double value = y.get(i);
            if (!Double.isFinite(value)
                    || !squared
                            && (value != Math.rint(value)
                                    || value < 0
                                    || value >= output.shape().size(1))) {
                throw new BadInput("--targets holds " + value + " at place " + i + "; expected "
                        + (squared
                                ? "finite numbers."
                                : "whole numbers from 0 to " + (output.shape().size(1) - 1) + "."));
            }
        }
        Expr target = Expr.input(TARGETS, output.dtype(), wanted);
        Expr value = squared ? Layers.halfSquaredError(output, target) : Layers.crossEntropy(output, target);
        List<Expr> parameters = network.parameters();
        Map<String, Tensor> values =
                new HashMap<>(model.weights().with(network.inputs(), List.of(x.cast(input.dtype()))));
        values.put(TARGETS, y.cast(output.dtype()));
        List<Tensor> gradient = Evaluator.evaluate(Differentiation.gradient(value, parameters), values);
        Map<String, Tensor> out = new LinkedHashMap<>();
        for (int k = 0; k < gradient.size(); k++) {
            out.put(Network.nameOf(parameters.get(k)), gradient.get(k).cast(DType.F64));
        }
        return out;
    }
}
