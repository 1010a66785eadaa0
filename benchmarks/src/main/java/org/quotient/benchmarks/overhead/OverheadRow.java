package org.quotient.benchmarks.overhead;

import java.util.ArrayList;
import java.util.List;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Initialisation;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.NetworkBuilder;

/**
 * An optimizer against a plainer one on a network.
 *
 * @param network its name, {@code mlp} or {@code cnn}
 * @param dtype of all numbers
 * @param optimizer as {@code Optimizers.of} reads it
 * @param base likewise
 * @param most the largest ratio that is aimed at
 */
record OverheadRow(String network, DType dtype, String optimizer, String base, double most) {
    private static final double PLAIN = 1.05;
    private static final double BASIS_PATHS = 1.10;
    private static final double PATHS = 1.15;

    /** A step of the convolutional network is as long as so many of the other, at least. */
    private static final int LONGER = 5;

    /** All rows. */
    static List<OverheadRow> all() {
        List<OverheadRow> rows = new ArrayList<>();
        for (String network : List.of("mlp", "cnn")) {
            for (DType dtype : List.of(DType.F32, DType.F64)) {
                for (String optimizer : List.of("sm:mu=0", "un", "enorm-sgd", "frame-sgd")) {
                    rows.add(new OverheadRow(network, dtype, optimizer, "sgd", PLAIN));
                }
                rows.add(new OverheadRow(network, dtype, "g-sgd", "sgd", BASIS_PATHS));
                rows.add(new OverheadRow(network, dtype, "path-sgd", "sgd", PATHS));
                rows.add(new OverheadRow(network, dtype, "frame-adam", "adam", PLAIN));
            }
        }
        return List.copyOf(rows);
    }

    /** A short name. */
    String id() {
        return network + "-" + numbers() + "-" + optimizer;
    }

    /** By how much longer a step is than those of the shortest network: as many fewer are measured and warmed up with. */
    int longer() {
        return network.equals("cnn") ? LONGER : 1;
    }

    String numbers() {
        return dtype == DType.F32 ? "f32" : "f64";
    }

    /** The network with its first weights. */
    Model model(long seed) {
        if (network.equals("mlp")) {
            return BuiltIns.model("mlp:784-256-256-10,dtype=" + numbers(), seed);
        }
        NetworkBuilder net = NetworkBuilder.named("cnn", dtype, Initialisation.TORCH);
        Window three = Window.square(3, 1, 1);
        Flow x = net.input("x", 1, 28, 28);
        Flow h = x.conv("conv1", 16, three).relu().maxPool(2);
        h = h.conv("conv2", 32, three).relu().maxPool(2).flatten();
        return net.build(h.dense("fc", 10)).model(seed);
    }
}
