package org.quotient.autodiff.network.random;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Initialisation;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.autodiff.network.Law;
import org.quotient.autodiff.network.NetworkBuilder;

/** A random network while it grows: where parameters are declared, and which node carries which feature. */
final class Draft {
    static final Law WEIGHTS = new Law.Among(List.of(-3.0, -2.0, -1.5, -1.0, -0.5, 0.5, 1.0, 1.5, 2.0, 3.0));
    private static final Law SLOPES = new Law.Among(List.of(-0.5, 0.125, 0.25, 0.5));

    final NetworkBuilder net;
    final Dice dice;
    final double size;
    final double epsilon;
    /** Values that a long skip may start from. */
    final List<Flow> earlier = new ArrayList<>();
    /** Whether a slice now could take away what makes a feature present. */
    boolean fragile;

    private final List<Mark> marks = new ArrayList<>();
    private int layers;

    private record Mark(Feature feature, Expr node) {}

    Draft(String name, Dice dice, double size, double epsilon) {
        this.net = NetworkBuilder.named(name, DType.F64, Initialisation.TORCH);
        this.dice = dice;
        this.size = size;
        this.epsilon = epsilon;
    }

    // ---- Bookkeeping

    /** Notes that a node carries a feature. */
    Flow mark(Feature feature, Flow flow) {
        marks.add(new Mark(feature, flow.value()));
        return flow;
    }

    /** The features whose nodes lie on a path to an output. */
    Set<Feature> features(InitialisedNetwork built) {
        List<Expr> reached = Graph.topological(built.network().outputs());
        Set<Expr> alive = PathBudget.of(built.network()).alive(reached);
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        alive.forEach(node -> addWindowFeatures(features, node.op()));
        for (Mark mark : marks) {
            if (alive.contains(mark.node)) {
                features.add(mark.feature);
            }
        }
        if (!new HashSet<>(reached).containsAll(built.network().parameters())) {
            features.add(Feature.DEAD_BRANCH);
        }
        if (built.network().inputs().size() > 1) {
            features.add(Feature.SEVERAL_INPUTS);
        }
        if (built.network().outputs().size() > 1) {
            features.add(Feature.SEVERAL_OUTPUTS);
        }
        return features;
    }

    private static void addWindowFeatures(Set<Feature> features, Op op) {
        if (op instanceof Op.Conv c) {
            AxisWindow rows = AxisWindow.rows(c.window(), c.height());
            AxisWindow columns = AxisWindow.columns(c.window(), c.width());
            addIf(features, Feature.DEAD_TAPS, rows.hasDeadTaps() || columns.hasDeadTaps());
            addIf(features, Feature.STRIDE_WITH_PADDING, rows.stridesWithPadding() || columns.stridesWithPadding());
            addIf(features, Feature.GROUPS, c.groups() > 1);
        } else if (op instanceof Op.Pool p) {
            AxisWindow rows = AxisWindow.rows(p.window(), p.height());
            AxisWindow columns = AxisWindow.columns(p.window(), p.width());
            addIf(features, Feature.STRIDE_WITH_PADDING, rows.stridesWithPadding() || columns.stridesWithPadding());
        }
    }

    private static void addIf(Set<Feature> features, Feature feature, boolean present) {
        if (present) {
            features.add(feature);
        }
    }

    /** A fresh name. */
    String next(String kind) {
        return kind + ++layers;
    }

    /** A width from 1 to 3, smaller for smaller networks. */
    int width() {
        return 1 + dice.below(1 + (int) Math.round(2 * size));
    }

    // ---- Shapes

    static boolean isImage(Flow x) {
        return x.shape().rank() == 4;
    }

    /** The axis of channels, units or token coordinates. */
    static int axis(Flow x) {
        return x.shape().rank() == 3 ? 2 : 1;
    }

    static int channels(Flow x) {
        return x.shape().size(axis(x));
    }

    static int elements(Flow x) {
        return x.shape().bind(1).elements();
    }

    Flow reshape(Flow x, int... sizes) {
        int[] all = new int[sizes.length + 1];
        all[0] = Shape.N;
        System.arraycopy(sizes, 0, all, 1, sizes.length);
        return net.flow(Ops.reshape(x.value(), Shape.of(all)));
    }

    Flow vector(Flow x) {
        return x.shape().rank() == 2 ? x : net.flow(Ops.flatten(x.value()));
    }

    /** An image of at most 4 x 4 cells; units become channels, rows or columns. */
    Flow image(Flow x) {
        if (isImage(x) && x.shape().size(2) <= 4 && x.shape().size(3) <= 4) {
            return x;
        }
        Flow v = vector(x);
        int n = channels(v);
        if (n > 4) {
            return n % 4 == 0 && n <= 16 ? reshape(v, 1, n / 4, 4) : reshape(activate(linear(v, 4)), 1, 2, 2);
        }
        return switch (dice.below(4)) {
            case 0 -> reshape(v, n, 1, 1);
            case 1 -> reshape(v, 1, n, 1);
            default -> n == 4 ? reshape(v, 1, 2, 2) : reshape(v, 1, 1, n);
        };
    }

    /** Two to four tokens. */
    Flow tokens(Flow x) {
        if (x.shape().rank() == 3 && x.shape().size(1) > 1) {
            return x;
        }
        if (isImage(x)) {
            int cells = x.shape().size(2) * x.shape().size(3);
            if (cells > 1 && cells <= 4) {
                Flow last = net.flow(Ops.transpose(x.value(), 0, 2, 3, 1));
                return reshape(last, cells, x.shape().size(1));
            }
        }
        Flow v = vector(x);
        int n = channels(v);
        if (n == 4 || n == 6) {
            return reshape(v, 2, n / 2);
        }
        return n == 2 || n == 3 ? reshape(v, n, 1) : reshape(activate(linear(v, 4)), 2, 2);
    }

    /** At least two channels. */
    Flow wide(Flow x) {
        return channels(x) > 1 ? x : activate(linear(x, 2 + dice.below(2)));
    }

    // ---- Layers

    /** A weight that keeps rows, columns and tokens, and may be applied several times. */
    record Linear(Expr weight, Window window) {
        Flow apply(Flow x) {
            return isImage(x) ? x.builder().flow(Ops.conv2d(x.value(), weight, window, 1)) : x.denseWith(weight);
        }

        /** Wᵀ x for a dense weight. */
        Flow applyTransposed(Flow x) {
            String lead = "ab".substring(0, x.shape().rank() - 1);
            return x.builder().flow(Ops.einsum(lead + "o,oi->" + lead + "i", x.value(), weight));
        }
    }

    /** A fresh weight from the channels of x to some units. */
    Linear weight(Flow x, int units) {
        String name = next("layer") + ".weight";
        int in = channels(x);
        if (!isImage(x)) {
            return new Linear(net.parameter(name, WEIGHTS, units, in), Window.square(1, 1, 0));
        }
        int rows = dice.chance(x.shape().size(2) > 1 ? 0.3 : 0.1) ? 3 : 1;
        int columns = dice.chance(x.shape().size(3) > 1 ? 0.3 : 0.1) && in * units * rows <= 9 ? 3 : 1;
        Window window = new Window(rows, columns, 1, 1, rows / 2, columns / 2, rows / 2, columns / 2, 1, 1);
        return new Linear(net.parameter(name, WEIGHTS, units, in, rows, columns), window);
    }

    /** A fresh weight applied, with a bias sometimes. */
    Flow linear(Flow x, int units) {
        fragile = false;
        return biased(weight(x, units).apply(x));
    }

    /** Adds a bias along the channels, sometimes. */
    Flow biased(Flow x) {
        if (!dice.chance(0.3)) {
            return x;
        }
        Expr bias = net.parameter(next("layer") + ".bias", WEIGHTS, channels(x));
        return mark(Feature.BIAS, x.plusAlong(bias, axis(x)));
    }

    /** A convolution with any window. */
    Flow convolution(Flow x, int units, Window window, int groups) {
        fragile = false;
        Expr kernel = net.parameter(
                next("layer") + ".weight",
                WEIGHTS,
                units,
                channels(x) / groups,
                window.kernelHeight(),
                window.kernelWidth());
        return biased(net.flow(Ops.conv2d(x.value(), kernel, window, groups)));
    }

    /** An activation: ReLU mostly, not homogeneous sometimes. */
    Flow activate(Flow x) {
        return dice.chance(0.05) ? curve(x) : bend(x);
    }

    /** A positively homogeneous activation. */
    Flow bend(Flow x) {
        int roll = dice.below(100);
        if (roll < 62) {
            return net.flow(x.value().relu());
        } else if (roll < 75) {
            return mark(Feature.LEAKY, net.flow(Ops.leakyRelu(x.value(), dice.pick(List.of(0.125, 0.25, 0.5)))));
        } else if (roll < 88) {
            int slopes = dice.chance(0.5) ? channels(x) : 1;
            Expr slope = net.parameter(next("prelu") + ".weight", SLOPES, slopes);
            Expr shaped = isImage(x) ? Ops.reshape(slope, Shape.of(slopes, 1, 1)) : slope;
            return mark(Feature.PRELU, net.flow(Ops.prelu(x.value(), shaped)));
        }
        return x;
    }

    /** An activation that is not homogeneous. */
    private Flow curve(Flow x) {
        Expr y = switch (dice.below(4)) {
            case 0 -> Ops.tanh(x.value());
            case 1 -> Ops.sigmoid(x.value());
            case 2 -> Ops.softplus(x.value());
            default -> Ops.silu(x.value());
        };
        return mark(Feature.NON_HOMOGENEOUS, net.flow(y));
    }
}
