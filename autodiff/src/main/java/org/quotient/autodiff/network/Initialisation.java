package org.quotient.autodiff.network;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The usual laws of initial weights. Fan-in is the number of inputs that a unit sums over (input channels per group times
 * kernel area), fan-out the number of units that an input feeds (output channels per group times kernel area), as PyTorch
 * counts them. Normalisation layers start at γ = 1 and β = 0 under every law, PReLU slopes at 0.25 (He et al. 2015).
 *
 * <p>Under He, Glorot and LeCun biases start at 0, as in their papers. Under {@link #TORCH}, the default, they are drawn, so
 * that no weight or bias is exactly 0 and a model lies in general position.
 */
public enum Initialisation {
    /**
     * PyTorch's default for linear and convolution layers: {@code kaiming_uniform_} with a = √5, which is U(±1/√fan-in) for
     * weights, and the same bound for biases (Paszke et al. 2019, torch.nn.Linear).
     */
    TORCH,
    /** N(0, 2/fan-in), biases 0: keeps the second moment through ReLU (He et al. 2015, equation 10). */
    HE,
    /** U(±√(6/(fan-in + fan-out))), biases 0 (Glorot and Bengio 2010, equation 16). */
    GLOROT,
    /** N(0, 1/fan-in), biases 0: keeps the variance through linear units (LeCun et al. 1998, equation 16). */
    LECUN;

    /**
     * The law of a layer's weights.
     *
     * @param fanIn at least 1
     * @param fanOut at least 1
     */
    public Law weight(long fanIn, long fanOut) {
        return switch (this) {
            case TORCH -> new Law.Uniform(1 / Math.sqrt(fanIn));
            case HE -> new Law.Normal(Math.sqrt(2.0 / fanIn));
            case GLOROT -> new Law.Uniform(Math.sqrt(6.0 / (fanIn + fanOut)));
            case LECUN -> new Law.Normal(Math.sqrt(1.0 / fanIn));
        };
    }

    /**
     * The law of a layer's biases.
     *
     * @param fanIn that of the layer's weights, at least 1
     */
    public Law bias(long fanIn) {
        return this == TORCH ? new Law.Uniform(1 / Math.sqrt(fanIn)) : new Law.Fixed(0);
    }

    /** Its name in settings: lower case. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The names of all. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(Initialisation::key).toList();
    }

    /**
     * The law of a name.
     *
     * @param key such as {@code he}
     * @throws IllegalArgumentException naming the known ones, if it is none of them
     */
    public static Initialisation of(String key) {
        return Arrays.stream(values())
                .filter(i -> i.key().equals(key))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException(NearestNames.unknown("an initialisation", key, keys())));
    }
}
