package org.quotient.optimizers.zoo;

import static org.quotient.optimizers.zoo.OptimizerKind.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.quotient.autodiff.network.NearestNames;
import org.quotient.optimizers.Adam;
import org.quotient.optimizers.Composition;
import org.quotient.optimizers.Direction;
import org.quotient.optimizers.Metric;
import org.quotient.optimizers.Momentum;
import org.quotient.optimizers.Retraction;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.Updates;

/** All optimizers by name. */
public final class Optimizers {
    private static final Pattern PREFIXED =
            Pattern.compile("\\s*([A-Za-z-]+)\\s*(?:\\(([^()]*)\\))?\\s*\\+(.*)", Pattern.DOTALL);

    private Optimizers() {}

    /** The list, those that everybody knows first. */
    public static List<OptimizerKind> all() {
        List<OptimizerKind> all = new ArrayList<>();
        all.addAll(common());
        all.addAll(frames());
        all.addAll(SymmetricOptimizers.list());
        all.addAll(BasisPathOptimizers.kinds());
        all.addAll(PathOptimizers.all());
        return List.copyOf(all);
    }

    /**
     * The kind of a name.
     *
     * @throws IllegalArgumentException if there is none, naming those that are near
     */
    public static OptimizerKind kind(String name) {
        return all().stream().filter(k -> k.name().equals(name)).findFirst().orElseThrow(() -> {
            List<String> names = all().stream().map(OptimizerKind::name).toList();
            return new IllegalArgumentException(NearestNames.unknown("an optimizer", name, names));
        });
    }

    /** The kind of a spec {@code NAME} or {@code NAME:key=value,...}, behind all prefixes; see {@link #kind} and {@link #of}. */
    public static OptimizerKind kindOf(String spec) {
        String last = behindPrefixes(spec);
        int colon = last.indexOf(':');
        return kind((colon < 0 ? last : last.substring(0, colon)).trim());
    }

    /**
     * The update of a name with settings, possibly with {@linkplain OptimizerPrefix prefixes} in front.
     *
     * @param spec {@code NAME} or {@code NAME:key=value,...}, or {@code PREFIX+} or {@code PREFIX(key=value,...)+} followed by such,
     *     as in {@code pathcond(every=100)+frame+adamw:decay=0.1}
     * @throws IllegalArgumentException if there is none, or a setting does not fit
     */
    public static Update of(String spec) {
        return of(spec, last -> {
            int colon = last.indexOf(':');
            String name = colon < 0 ? last : last.substring(0, colon);
            return kind(name.trim()).update(colon < 0 ? "" : last.substring(colon + 1));
        });
    }

    /**
     * Prefixes around an update of one's own.
     *
     * @param spec as for {@link #of(String)}; what stands behind all prefixes is for {@code last} to read
     * @param last from that to an update
     * @throws IllegalArgumentException if there is no such prefix, or a setting does not fit
     */
    public static Update of(String spec, Function<String, Update> last) {
        Matcher prefixed = PREFIXED.matcher(spec);
        if (!prefixed.matches()) {
            return last.apply(spec.trim());
        }
        String settings = prefixed.group(2);
        return prefix(prefixed.group(1)).around(settings == null ? "" : settings, of(prefixed.group(3), last));
    }

    /** What stands behind all prefixes of a spec. */
    public static String behindPrefixes(String spec) {
        Matcher prefixed = PREFIXED.matcher(spec);
        return prefixed.matches() ? behindPrefixes(prefixed.group(3)) : spec.trim();
    }

    private static OptimizerPrefix prefix(String name) {
        return OptimizerPrefix.all().stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> names = OptimizerPrefix.all().stream()
                            .map(OptimizerPrefix::name)
                            .toList();
                    return new IllegalArgumentException(
                            NearestNames.unknown("a prefix that an optimizer can have", name, names));
                });
    }

    private static List<OptimizerKind> common() {
        return List.of(
                new OptimizerKind(
                        "sgd",
                        "θ ← θ − η(g + λθ)",
                        "Robbins and Monro 1951",
                        settings("decay=0"),
                        0.1,
                        s -> Composition.of("sgd", Metric.euclidean(), coupled(s), Retraction.euclidean())),
                new OptimizerKind(
                        "momentum",
                        "m ← μm + g + λθ, θ ← θ − ηm",
                        "Polyak 1964, in PyTorch's form",
                        settings("mu=0.9", "decay=0"),
                        0.02,
                        s -> Updates.euclidean(
                                "momentum", Direction.chain(coupled(s), new Momentum(s.fraction("mu"), false)))),
                new OptimizerKind(
                        "nesterov",
                        "m ← μm + g + λθ, θ ← θ − η(g + λθ + μm)",
                        "Nesterov 1983; Sutskever et al. 2013, in PyTorch's form",
                        settings("mu=0.9", "decay=0"),
                        0.02,
                        s -> Updates.euclidean(
                                "nesterov", Direction.chain(coupled(s), new Momentum(s.fraction("mu"), true)))),
                new OptimizerKind(
                        "adam",
                        "θ ← θ − η m̂/(√v̂ + ε), moments of g + λθ",
                        "Kingma and Ba 2015",
                        settings("beta1=0.9", "beta2=0.999", "epsilon=1e-8", "decay=0"),
                        0.003,
                        s -> Updates.euclidean("adam", Direction.chain(coupled(s), adam(s)))),
                new OptimizerKind(
                        "adamw",
                        "θ ← (1 − ηλ)θ − η m̂/(√v̂ + ε)",
                        "Loshchilov and Hutter 2019",
                        settings("beta1=0.9", "beta2=0.999", "epsilon=1e-8", "decay=0.01"),
                        0.003,
                        s -> Composition.of(
                                "adamw",
                                Metric.euclidean(),
                                adam(s),
                                Retraction.withDecay(Retraction.euclidean(), decay(s)))));
    }

    private static List<OptimizerKind> frames() {
        return List.of(
                new OptimizerKind(
                        "frame-sgd",
                        "θ ← θ − η ε²∘g − ηλθ, ε = s_v/s_u with s_v² = Σ w²s_u² over the weights and biases that enter v, s = 1 at inputs and outputs",
                        "specification of this project; SM in its fully equivariant form",
                        settings("mu=0", "decay=0"),
                        0.03,
                        s -> Updates.frame("frame-sgd", momentum(s), decay(s))),
                new OptimizerKind(
                        "frame-adam",
                        "Adam on ĝ = ε∘g, θ ← θ − η ε∘d̂",
                        "specification of this project",
                        settings("beta1=0.9", "beta2=0.999", "epsilon=1e-8", "decay=0"),
                        0.003,
                        s -> Updates.frame("frame-adam", adam(s), decay(s))),
                new OptimizerKind(
                        "log-sgd",
                        "θ ← θ∘exp(−η m/θ), m ← μm + θ²∘g, on what the group moves, else momentum (retraction=linear: θ ← θ − η m)",
                        "gradient descent in log|θ|; metric Σ dθ²/θ²",
                        settings("mu=0.9", "retraction=exponential"),
                        0.03,
                        16,
                        s -> Updates.log(
                                momentum(s),
                                s.choice("retraction", "exponential", "linear").equals("exponential"))));
    }

    /** Momentum of setting {@code mu}; the identity for 0, which needs no memory. */
    static Direction momentum(OptimizerSettings s) {
        double mu = s.fraction("mu");
        return mu == 0 ? Direction.chain() : Direction.momentum(mu);
    }

    /** Adam of settings {@code beta1}, {@code beta2}, {@code epsilon}. */
    static Direction adam(OptimizerSettings s) {
        return new Adam(s.fraction("beta1"), s.fraction("beta2"), s.number("epsilon", 0, 1));
    }

    /** The setting {@code decay}. */
    static double decay(OptimizerSettings s) {
        return s.number("decay", 0, 1e6);
    }

    private static Direction coupled(OptimizerSettings s) {
        return Direction.decay(decay(s));
    }
}
