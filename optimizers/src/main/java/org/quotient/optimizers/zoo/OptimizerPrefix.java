package org.quotient.optimizers.zoo;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.quotient.optimizers.Update;

/**
 * What can be put in front of any optimizer, as in {@code pathcond(every=100)+momentum:mu=0.9} or {@code frame+adamw}. Several in a
 * row are read from the right: each is put around all that follows it.
 *
 * @param name as it is written
 * @param formula what it does, in one line
 * @param source author and year
 * @param settings with their defaults
 * @param make from settings and the update inside to the update
 */
public record OptimizerPrefix(
        String name,
        String formula,
        String source,
        Map<String, String> settings,
        BiFunction<OptimizerSettings, Update, Update> make) {

    /** Keeps the order of the settings. */
    public OptimizerPrefix {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /**
     * Around an update.
     *
     * @param text {@code key=value,...}, may be empty
     * @throws IllegalArgumentException for a setting that does not exist or a value out of range
     */
    public Update around(String text, Update inner) {
        return make.apply(OptimizerSettings.parse(name, text, settings), inner);
    }

    /** All of them. */
    public static List<OptimizerPrefix> all() {
        return List.of(
                new OptimizerPrefix(
                        "frame",
                        "the update in coordinates θ/ε and ε∘g, with the covariant frame ε = s_v/s_u",
                        "specification of this project",
                        Map.of(),
                        (s, inner) -> new Framed(inner)),
                new OptimizerPrefix(
                        "pathcond",
                        "starts from the path-conditioned representative, and returns to it every K steps (0: never)",
                        "Lebeurrier, Vayer and Gribonval 2026",
                        OptimizerKind.settings("every=0", "sweeps=0", "normalised=keep"),
                        (s, inner) -> rescheduled("pathcond", s, inner, Representative.pathCond(s.whole("sweeps", 0)))),
                new OptimizerPrefix(
                        "ddp-normal",
                        "starts where every unit has path norm 1 from the inputs, and returns there every K steps (0: never)",
                        "DDP-normalisation with α = 0, Neyshabur, Tomioka, Salakhutdinov and Srebro 2016",
                        OptimizerKind.settings("every=0"),
                        (s, inner) -> new Rescheduled(
                                "ddp-normal+" + inner.name(),
                                inner,
                                s.whole("every", 0),
                                Representative.ddpNormal(),
                                true,
                                false)),
                new OptimizerPrefix(
                        "enorm",
                        "starts from the equi-normalised representative, and returns to it every K steps (0: never)",
                        "Stock, Graham, Gribonval and Jégou 2019",
                        OptimizerKind.settings("every=0", "sweeps=0", "p=2", "normalised=keep"),
                        (s, inner) -> rescheduled(
                                "enorm",
                                s,
                                inner,
                                Representative.enorm(s.number("p", 0.01, 100), s.whole("sweeps", 0)))));
    }

    private static Update rescheduled(String name, OptimizerSettings s, Update inner, Representative representative) {
        return new Rescheduled(
                name + "+" + inner.name(),
                inner,
                s.whole("every", 0),
                representative,
                s.whole("sweeps", 0) == 0,
                s.choice("normalised", "keep", "unit").equals("unit"));
    }
}
