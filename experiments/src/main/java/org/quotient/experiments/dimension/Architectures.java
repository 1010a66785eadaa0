package org.quotient.experiments.dimension;

import java.util.ArrayList;
import java.util.List;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.Network;

/** Small networks whose largest rank is known, one for each way in which an architecture changes what rescaling allows. */
final class Architectures {
    /** So small that it does not matter beside any variance. */
    private static final double NOTHING = 0x1p-1000;

    private Architectures() {}

    /**
     * A network with what is known of it.
     *
     * @param text what it is
     * @param network the graph
     * @param gauge the dimension of the known symmetries, in words
     * @param bound D less that
     * @param found the largest rank that an earlier replication in floating point found
     */
    record Known(String text, Network network, String gauge, int bound, int found) {}

    /** All of them. */
    static List<Known> all() {
        List<Known> all = new ArrayList<>();
        Parts conv = new Parts();
        Expr first = conv.conv(circular(conv.input(1, 1, 6)), 2).relu();
        all.add(new Known(
                "circular convolution 1 → 2 → 1, width 3, no bias",
                conv.network(conv.conv(circular(first), 1)),
                "2 (channels)",
                10,
                10));
        Parts pooled = new Parts();
        Expr pool =
                Ops.maxPool2d(pooled.conv(pooled.input(1, 1, 8), 2).relu(), new Window(1, 2, 1, 2, 0, 0, 0, 0, 1, 1));
        all.add(new Known(
                "convolution 1 → 2, width 3, max-pool 2, dense 6 → 2",
                pooled.network(pooled.linear(Ops.flatten(pool), 2)),
                "2",
                16,
                16));
        Parts groups = new Parts();
        Expr compared = Ops.maxOver(groups.linear(groups.input(6), 4).reshape(Shape.N, 2, 2), 2);
        all.add(new Known(
                "dense 6 → 4, maximum of pairs of units, dense 2 → 2",
                groups.network(groups.linear(compared, 2)),
                "2 (pairs)",
                26,
                26));
        Parts residual = new Parts();
        Expr stream = residual.affine(residual.input(2), 3).relu();
        all.add(new Known(
                "residual W₃(h + relu(W₂h + b₂)) + b₃, h = relu(W₁x + b₁), width 3",
                residual.network(
                        residual.affine(stream.plus(residual.affine(stream, 3).relu()), 1)),
                "3 (tied channels, not 6)",
                22,
                22));
        Parts branch = new Parts();
        Expr h = branch.affine(branch.input(2), 3).relu();
        all.add(new Known(
                "residual branch U relu(Vh + c), then one linear output",
                branch.network(branch.affine(
                        h.plus(branch.linear(branch.affine(h, 2).relu(), 3)), 1)),
                "5, and 4 of products of linear maps",
                18,
                18));
        Parts normed = new Parts();
        Expr x = normed.input(2);
        Expr v = normed.parameter(2, 3);
        Expr direction = v.over(Ops.sqrt(v.times(v).sum(0)));
        Expr scaled = x.matmul(direction).times(normed.parameter(3)).plus(normed.parameter(3));
        all.add(new Known(
                "weight normalisation 2-3-1", normed.network(normed.affine(scaled.relu(), 1)), "3 + 3", 10, 10));
        Parts batch = new Parts();
        Expr standard = Expr.of(new Op.Standardise(List.of(0), NOTHING), batch.affine(batch.input(2), 3));
        all.add(new Known(
                "batch normalisation (no γ, β; batch statistics) 2-3-1, no output bias",
                batch.network(batch.linear(standard.relu(), 1)),
                "3 scales, 3 biases",
                6,
                6));
        return all;
    }

    private static Expr circular(Expr x) {
        return Ops.gather(x, 3, 5, 0, 1, 2, 3, 4, 5, 0);
    }

    /** The parts of one network, as they are made. */
    private static final class Parts {
        private final List<Expr> parameters = new ArrayList<>();
        private final List<Expr> inputs = new ArrayList<>();

        Expr parameter(int... sizes) {
            Expr w = Expr.parameter("w" + parameters.size(), DType.F64, Shape.of(sizes));
            parameters.add(w);
            return w;
        }

        Expr input(int... sizes) {
            int[] all = new int[sizes.length + 1];
            all[0] = Shape.N;
            System.arraycopy(sizes, 0, all, 1, sizes.length);
            Expr x = Expr.input("x", DType.F64, Shape.of(all));
            inputs.add(x);
            return x;
        }

        Expr linear(Expr x, int units) {
            return x.matmul(parameter(x.shape().size(-1), units));
        }

        Expr affine(Expr x, int units) {
            return linear(x, units).plus(parameter(units));
        }

        Expr conv(Expr x, int channels) {
            return Ops.conv2d(
                    x, parameter(channels, x.shape().size(1), 1, 3), new Window(1, 3, 1, 1, 0, 0, 0, 0, 1, 1), 1);
        }

        Network network(Expr output) {
            return new Network("net", inputs, parameters, List.of(), List.of(output));
        }
    }
}
