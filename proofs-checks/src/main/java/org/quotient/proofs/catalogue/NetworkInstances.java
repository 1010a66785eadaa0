package org.quotient.proofs.catalogue;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.quotient.autodiff.Text;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.autodiff.network.random.RandomNetwork;
import org.quotient.autodiff.network.random.RandomNetworks;
import org.quotient.proofs.Instances;
import org.quotient.proofs.Level;

/** Small networks of every kind that the design names, then random ones that grow. Sizes are numbers of parameters. */
public final class NetworkInstances implements Instances<NetworkInstance> {
    private static final int QUICK = 150;
    private static final int FULL = 2_000;
    private static final int SHOWN = 240;

    @Override
    public Stream<NetworkInstance> draw(Level level, long seed) {
        int random = switch (level) {
            case QUICK -> QUICK;
            case FULL -> FULL;
        };
        return Stream.of(
                        Stream.of(identityToOutput(), residualScalar(), residualBlock(), smallCnn(), residualCnn())
                                .map(built -> of(built, seed)),
                        builtIns().stream().map(spec -> new NetworkInstance(spec, BuiltIns.model(spec, seed))),
                        IntStream.range(0, random)
                                .mapToObj(i -> random(seed * FULL + i, Math.ceil(100.0 * (i + 1) / random) / 100)))
                .flatMap(s -> s);
    }

    @Override
    public long size(NetworkInstance instance) {
        return instance.network().parameterCount();
    }

    @Override
    public String describe(NetworkInstance instance) {
        return instance.description();
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

    private static NetworkInstance of(InitialisedNetwork built, long seed) {
        return new NetworkInstance(built.network().name(), built.model(seed));
    }

    private static NetworkInstance random(long seed, double size) {
        RandomNetwork drawn = RandomNetworks.draw(seed, size);
        String formula = Text.of(drawn.network().outputs()).strip().replaceAll("\\s*\\R\\s*", "; ");
        String shown = formula.length() > SHOWN ? formula.substring(0, SHOWN) + "..." : formula;
        return new NetworkInstance("RandomNetworks.draw(" + seed + ", " + size + ") {" + shown + "}", drawn.model());
    }

    /** A unit whose scale the output holds, two weights. */
    private static InitialisedNetwork identityToOutput() {
        NetworkBuilder build = NetworkBuilder.named("residual network a = relu(s x), output a + t a, all of width 1");
        Flow a = build.input("x", 1).dense("s", 1, false).relu();
        return build.build(a.add(a.dense("t", 1, false)));
    }

    /** Two units that must share their scale, three weights. */
    private static InitialisedNetwork residualScalar() {
        NetworkBuilder build =
                NetworkBuilder.named("residual network a = relu(s x), y = relu(a + t a), output f y, all of width 1");
        Flow a = build.input("x", 1).dense("s", 1, false).relu();
        return build.build(a.add(a.dense("t", 1, false)).relu().dense("f", 1, false));
    }

    private static InitialisedNetwork residualBlock() {
        NetworkBuilder build =
                NetworkBuilder.named("residual network: stem 1 to 2, block 2-2-2 with identity, dense 1");
        Flow a = build.input("x", 1).dense("stem", 2, false).relu();
        Flow inner = a.dense("in", 2, false).relu().dense("out", 2, false);
        return build.build(inner.add(a).relu().dense("head", 1, false));
    }

    private static InitialisedNetwork smallCnn() {
        NetworkBuilder build = NetworkBuilder.named("1x4x4: conv3 with 2 channels, ReLU, max-pool 2, dense 3");
        Flow x = build.input("x", 1, 4, 4).conv("conv", 2, Window.square(3, 1, 0), 1, false);
        return build.build(x.relu().maxPool(2).flatten().dense("head", 3, false));
    }

    private static InitialisedNetwork residualCnn() {
        NetworkBuilder build =
                NetworkBuilder.named("1x2x2: conv3 with 2 channels, a residual conv3, max over positions");
        Flow a = build.input("x", 1, 2, 2)
                .conv("stem", 2, Window.square(3, 1, 1), 1, false)
                .relu();
        Flow b = a.conv("block", 2, Window.square(3, 1, 1), 1, false).add(a).relu();
        return build.build(b.globalMaxPool().dense("head", 2));
    }
}
