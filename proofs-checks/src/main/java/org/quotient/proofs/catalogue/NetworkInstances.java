package org.quotient.proofs.catalogue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Weights;
import org.quotient.proofs.Choices;
import org.quotient.proofs.Drawn;
import org.quotient.proofs.GeneratedInstances;
import org.quotient.proofs.Generator;
import org.quotient.proofs.Instances;
import org.quotient.proofs.generators.Family;
import org.quotient.proofs.generators.Layer;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Networks;
import org.quotient.proofs.generators.Sketch;
import org.quotient.proofs.generators.SmallNumbers;
import org.quotient.proofs.generators.WildNetworks;

/** Networks to try theorems on. Sizes are numbers of parameters. */
final class NetworkInstances {
    private static final Layer RELU = new Layer.Activation(0);

    private NetworkInstances() {}

    /** Worked instances, then random ones of a generator; ten times as many of these at the full level. */
    static Instances<NetworkInstance> of(Generator<NetworkInstance> generator, int quick, NetworkInstance... worked) {
        return of(Arrays.asList(worked), generator, quick, 10 * quick);
    }

    private static Instances<NetworkInstance> of(
            List<NetworkInstance> worked, Generator<NetworkInstance> generator, int quick, int full) {
        return new GeneratedInstances<>(
                worked.stream().map(Drawn::fixed).toList(),
                generator,
                quick,
                full,
                i -> i.network().parameterCount(),
                NetworkInstance::description);
    }

    /** Networks of every kind that the design names and every family, and wild ones. */
    static Instances<NetworkInstance> all(int quick, int full) {
        Generator<NetworkInstance> tame = Networks.of(Family.values());
        Generator<NetworkInstance> wild = new WildNetworks();
        List<NetworkInstance> worked = Stream.concat(
                        Stream.of(identityToOutput(), residualScalar(), residualBlock(), smallCnn(), residualCnn())
                                .map(NetworkInstances::weighted),
                        builtIns().stream().map(NetworkInstances::builtIn))
                .toList();
        return of(worked, choices -> choices.maybe() ? wild.draw(choices) : tame.draw(choices), quick, full);
    }

    /** A built-in with small integers for weights. */
    private static NetworkInstance builtIn(String spec) {
        Model model = BuiltIns.model(spec, 0);
        Map<String, Tensor> values = new LinkedHashMap<>(model.weights().asMap());
        Choices choices = Choices.random(CounterRandom.seeded(0).split(spec), 1);
        values.putAll(SmallNumbers.weights(choices, model.network()).asMap());
        return NetworkInstance.of(spec, model.at(Weights.of(values)));
    }

    /** Layered, normalised, recurrent, tied, not homogeneous, and one that is too large to write its paths down. */
    private static List<String> builtIns() {
        return List.of(
                "mlp:1-1-1,bias=false",
                "mlp:2-2-2,bias=false",
                "mlp:2-2-2",
                "mlp:3-4-4-2",
                "mlp:2-3-2-3-2,bias=false",
                "mlp:2-3-2,bn=true",
                "mlp:2-3-1,activation=tanh",
                "mlp:2-3-3-1,activation=leaky:0.1",
                "rnn:1-2-1,steps=3",
                "rnn:1-2-1,steps=3,inputs=first",
                "tied-autoencoder:2-2-2",
                "lenet-5");
    }

    private static NetworkInstance weighted(Sketch sketch) {
        double[] weights = new double[Math.toIntExact(sketch.network().parameterCount())];
        Arrays.setAll(weights, k -> k % 3 == 1 ? -2 : 1);
        return NetworkInstance.of(sketch, weights);
    }

    private static Layer dense(int units) {
        return new Layer.Dense(units, false);
    }

    /** A unit whose scale the output holds, two weights. */
    private static Sketch identityToOutput() {
        return Sketch.of(1, dense(1), RELU, new Layer.Residual(List.of(dense(1))));
    }

    /** Two units that must share their scale, three weights. */
    private static Sketch residualScalar() {
        return Sketch.of(1, dense(1), RELU, new Layer.Residual(List.of(dense(1))), RELU, dense(1));
    }

    private static Sketch residualBlock() {
        return Sketch.of(1, dense(2), RELU, new Layer.Residual(List.of(dense(2), RELU, dense(2))), RELU, dense(1));
    }

    private static Sketch smallCnn() {
        return new Sketch(
                List.of(1, 4, 4),
                List.of(new Layer.Conv(2, 3, 0, false), RELU, new Layer.Pool(true, 2), new Layer.Flatten(), dense(3)));
    }

    private static Sketch residualCnn() {
        return new Sketch(
                List.of(1, 2, 2),
                List.of(
                        new Layer.Conv(2, 3, 1, false),
                        RELU,
                        new Layer.Residual(List.of(new Layer.Conv(2, 3, 1, false))),
                        RELU,
                        new Layer.GlobalPool(true),
                        new Layer.Dense(2, true)));
    }
}
