package org.quotient.proofs.generators;

import org.quotient.autodiff.Text;
import org.quotient.autodiff.network.random.RandomNetwork;
import org.quotient.autodiff.network.random.RandomNetworks;
import org.quotient.proofs.Choices;
import org.quotient.proofs.Generator;

/** Networks with everything that networks can hold, by seed and size; see {@link RandomNetworks}. */
public record WildNetworks() implements Generator<NetworkInstance> {
    private static final int SHOWN = 240;
    private static final int SEEDS = 1_000_000;

    @Override
    public NetworkInstance draw(Choices choices) {
        double size = choices.below(101) / 100.0;
        long seed = choices.below(SEEDS);
        RandomNetwork drawn = RandomNetworks.draw(seed, size);
        String formula = Text.of(drawn.network().outputs()).strip().replaceAll("\\s*\\R\\s*", "; ");
        String shown = formula.length() > SHOWN ? formula.substring(0, SHOWN) + "..." : formula;
        return NetworkInstance.of("RandomNetworks.draw(" + seed + ", " + size + ") {" + shown + "}", drawn.model());
    }
}
