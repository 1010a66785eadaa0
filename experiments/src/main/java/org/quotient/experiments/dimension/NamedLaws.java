package org.quotient.experiments.dimension;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.laws.ConservationLaws;

/**
 * A row of the published tables.
 *
 * @param text the architecture, with what is conserved
 * @param expected how many laws there are
 * @param count counts them
 */
record NamedLaws(String text, int expected, Supplier<ConservationLaws> count) {

    /** All rows but those of two linear layers. */
    static List<NamedLaws> all() {
        List<NamedLaws> all = new ArrayList<>();
        all.add(dense("2-2-1,bias=false", 2));
        all.add(dense("2-3-2,bias=false", 3));
        all.add(dense("2-3-1", 3));
        all.add(dense("1-2-2-1", 4));
        all.add(dense("2-2-2-2,bias=false", 4));
        all.add(dense("2-3-2-1", 5));
        all.add(new NamedLaws("two convolutions, ReLU between, 3 channels: one per channel", 3, () -> {
            NetworkBuilder build = NetworkBuilder.named("two convolutions");
            Flow x = build.input("x", 2, 4, 4);
            Flow y = x.conv("a", 3, Window.square(3, 1, 1)).relu().conv("b", 1, Window.square(2, 1, 0));
            return ConservationLaws.of(build.build(y).model(0));
        }));
        all.add(new NamedLaws("attention, width 3, heads of 2: QQᵀ − KKᵀ and VVᵀ − OOᵀ", 6, NamedLaws::attention));
        all.add(new NamedLaws("softmax layer 4 → 3: column sums", 4, NamedLaws::softmax));
        all.add(new NamedLaws("block 2-3-2 with a skip: those of the block", 3, () -> blocks(1)));
        all.add(new NamedLaws("two blocks 2-3-2 with skips: none across the stream", 6, () -> blocks(2)));
        all.add(new NamedLaws("φ = x₁···x₅: differences of squares", 4, NamedLaws::product));
        all.add(new NamedLaws(
                "momentum, ReLU 2-2-1: none",
                0,
                () -> ConservationLaws.withMomentum(BuiltIns.model("mlp:2-2-1,bias=false", 0))));
        for (int r = 2; r <= 3; r++) {
            String spec = "mlp:2-" + r + "-2,activation=identity,bias=false";
            all.add(new NamedLaws(
                    "momentum, linear 2-" + r + "-2: rotations",
                    r * (r - 1) / 2,
                    () -> ConservationLaws.withMomentum(BuiltIns.model(spec, 0))));
        }
        return all;
    }

    private static NamedLaws dense(String spec, int hidden) {
        return new NamedLaws(
                "ReLU " + spec.replace(",bias=false", ", no biases") + ": one per hidden unit",
                hidden,
                () -> ConservationLaws.of(BuiltIns.model("mlp:" + spec, 0)));
    }

    private static Expr parameter(String name, int... sizes) {
        return Expr.parameter(name, DType.F64, Shape.of(sizes));
    }

    private static ConservationLaws attention() {
        Expr q = parameter("Q", 3, 2);
        Expr k = parameter("K", 3, 2);
        Expr v = parameter("V", 3, 2);
        Expr o = parameter("O", 2, 3);
        return ConservationLaws.of(List.of(q.matmul(k.transpose()), v.matmul(o)), List.of(q, k, v, o));
    }

    private static ConservationLaws softmax() {
        Expr w = parameter("W", 3, 4);
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 4));
        Network network = new Network(
                "softmax", List.of(x), List.of(w), List.of(), List.of(Ops.softmax(x.matmul(w.transpose()), 1)));
        Tensor any = Tensor.fill(w.shape(), DType.F64, i -> i);
        return ConservationLaws.of(new Model(network, Weights.of(Map.of("W", any))));
    }

    private static ConservationLaws blocks(int number) {
        NetworkBuilder build = NetworkBuilder.named("blocks");
        Flow x = build.input("x", 2);
        for (int b = 0; b < number; b++) {
            x = x.dense("in" + b, 3).relu().dense("out" + b, 2).add(x);
        }
        return ConservationLaws.of(build.build(x).model(0));
    }

    private static ConservationLaws product() {
        List<Expr> x = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            x.add(parameter("x" + i, 1));
        }
        return ConservationLaws.of(List.of(x.stream().reduce(Expr::times).orElseThrow()), x);
    }
}
