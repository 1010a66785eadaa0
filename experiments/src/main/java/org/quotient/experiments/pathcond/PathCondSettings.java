package org.quotient.experiments.pathcond;

import java.util.ArrayList;
import java.util.List;
import org.quotient.experiments.study.Contest;
import org.quotient.experiments.study.Material;
import org.quotient.experiments.study.Method;
import org.quotient.experiments.study.Tuning;

/**
 * What is run.
 *
 * @param toy the one-unit toy
 * @param pictures for networks that classify
 * @param digits for auto-encoders
 * @param halved whether both are brought to half as many rows and columns
 * @param parts the networks
 */
public record PathCondSettings(Toy toy, Material pictures, Material digits, boolean halved, List<Setting> parts) {
    /** The method whose start is that of the published code. */
    static final String PUBLISHED = "PathCond as published";

    /** Copies the list. */
    public PathCondSettings {
        parts = List.copyOf(parts);
    }

    /** The experiments of the paper that train on data. */
    public enum Kind {
        /** Dense layers with batch normalisation (figure 2). */
        DEPTH,
        /** The fully convolutional network (figure 3). */
        CONVOLUTIONS,
        /** Auto-encoders with a middle of different widths (in the history of the code). */
        AUTOENCODER
    }

    /**
     * A network.
     *
     * @param kind which experiment it belongs to
     * @param size depth, or √(inputs/middle) of an auto-encoder; 0 where it has none
     * @param contest what is run on it
     */
    public record Setting(Kind kind, double size, Contest contest) {}

    /** The page's. */
    public static PathCondSettings full() {
        List<Setting> parts = new ArrayList<>();
        for (int depth = 3; depth <= 8; depth++) {
            parts.add(depth(768, 64, depth, 128, 15, tuning(true, 4, 1, 1, 1, 1)));
        }
        parts.add(
                convolutions("init=he,width=0.0625,input=3x16x16", false, 32, 6, tuning(false, 4, 0.3, 0.3, 0.3, 0.3)));
        parts.add(convolutions("init=he,width=0.0625,input=3x16x16", true, 32, 6, tuning(true, 4, 1, 1, 1, 1)));
        int[][] middles = {{196, 196}, {98, 49}, {49, 12}, {28, 4}};
        for (int[] middle : middles) {
            parts.add(autoencoder(196, middle[0], middle[1], 64, 20, tuning(false, 4, 0.03, 0.03, 0.03, 0.03)));
        }
        return new PathCondSettings(
                new Toy(
                        100,
                        0.01,
                        15_000,
                        10,
                        List.of(List.of(4.0, 3.0, 1.0), List.of(2.0, 4.0, 1.0), List.of(4.0, -2.0, 1.0)),
                        2),
                new Material("cifar10", 2048, 512, 2000),
                new Material("mnist", 2048, 512, 2000),
                true,
                parts);
    }

    /** Seconds. */
    public static PathCondSettings quick() {
        return new PathCondSettings(
                new Toy(20, 0.01, 300, 10, List.of(List.of(4.0, 3.0, 1.0), List.of(4.0, -2.0, 1.0)), 2),
                Material.digits(64, 32, 32),
                Material.digits(64, 32, 32),
                false,
                List.of(
                        depth(64, 8, 3, 32, 2, quick(true)),
                        convolutions("width=0.02,input=1x8x8", true, 32, 1, quick(true)),
                        autoencoder(64, 16, 4, 32, 2, quick(false))));
    }

    private static Tuning quick(boolean normalised) {
        return new Tuning(methods(normalised, 1, 0.03, 0.03, 0.03, 0.03), List.of(100L), List.of(0L));
    }

    private static Tuning tuning(
            boolean normalised, int count, double sgd, double exact, double published, double enorm) {
        return new Tuning(methods(normalised, count, sgd, exact, published, enorm), List.of(100L), List.of(0L, 1L, 2L));
    }

    /** The methods, each with its largest rate and so many in all. */
    static List<Method> methods(
            boolean normalised, int count, double sgd, double exact, double published, double enorm) {
        return List.of(
                Method.of("SGD", "sgd", Method.down(sgd, count)),
                Method.of("PathCond", "pathcond+sgd", Method.down(exact, count)),
                normalised
                        ? Method.of(PUBLISHED, "sgd", Method.down(published, count))
                        : Method.of("PathCond, 10 sweeps", "pathcond(sweeps=10)+sgd", Method.down(published, count)),
                Method.of("ENorm", "enorm+sgd", Method.down(enorm, count)));
    }

    private static Setting depth(int inputs, int width, int depth, int batch, int epochs, Tuning tuning) {
        String network = "mlp:" + inputs + ("-" + width).repeat(depth) + "-10,bias=false,bn=true,dtype=f32";
        return new Setting(
                Kind.DEPTH, depth, new Contest(depth + " hidden layers", network, batch, epochs, "constant", tuning));
    }

    private static Setting convolutions(String size, boolean normalised, int batch, int epochs, Tuning tuning) {
        return new Setting(
                Kind.CONVOLUTIONS,
                0,
                new Contest(
                        "cifar-nv" + (normalised ? ", batch normalisation" : ""),
                        "cifar-nv," + size + (normalised ? ",bn=true" : "") + ",dtype=f32",
                        batch,
                        epochs,
                        "constant",
                        tuning));
    }

    private static Setting autoencoder(int inputs, int outer, int middle, int batch, int epochs, Tuning tuning) {
        String network = "mlp:" + inputs + "-" + outer + "-" + middle + "-" + outer + "-" + inputs + ",dtype=f32";
        return new Setting(
                Kind.AUTOENCODER,
                Math.sqrt((double) inputs / middle),
                new Contest("auto-encoder, middle " + middle, network, batch, epochs, "constant", tuning));
    }

    /** How many runs there are. */
    public long runs() {
        return parts.stream().mapToLong(p -> p.contest().tuning().runs()).sum();
    }
}
