package org.quotient.cli;

import java.util.ArrayList;
import java.util.List;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.interop.Npy;

/** Samples for all inputs of a network, from files given with {@code --inputs}. */
final class InputFiles {
    private InputFiles() {}

    /**
     * Reads one array for each input.
     *
     * @param network whose inputs they are
     * @param files in the order of the inputs
     * @return tensors of the inputs' types, with a common number of samples, at least one
     * @throws BadInput if there are more or fewer, shapes do not fit, or a number is not finite
     */
    static List<Tensor> read(Network network, List<String> files) {
        if (files.size() != network.inputs().size()) {
            throw new BadInput("The network has " + network.inputs().size() + " inputs ("
                    + String.join(
                            ", ", network.inputs().stream().map(Network::nameOf).toList())
                    + "); --inputs was given " + files.size() + " times.");
        }
        List<Tensor> values = new ArrayList<>();
        int count = -1;
        for (int i = 0; i < files.size(); i++) {
            Expr input = network.inputs().get(i);
            Tensor x = Npy.read(LoadedNetwork.path(files.get(i)));
            int samples = x.shape().rank() == 0 ? 0 : x.shape().size(0);
            if (samples == 0 || !input.shape().bind(samples).equals(x.shape())) {
                throw new BadInput("--inputs has the shape " + x.shape() + "; the network's input '"
                        + Network.nameOf(input) + "' needs " + input.shape() + ", with at least one sample.");
            }
            if (count >= 0 && samples != count) {
                throw new BadInput("--inputs were given with " + count + " and with " + samples + " samples.");
            }
            count = samples;
            requireFinite(x, "--inputs");
            values.add(x.cast(input.dtype()));
        }
        return values;
    }

    /**
     * Checks an array.
     *
     * @param what the option that gave it
     * @throws BadInput if a number is NaN or infinite, naming the first
     */
    static void requireFinite(Tensor x, String what) {
        for (int i = 0; i < x.size(); i++) {
            if (!Double.isFinite(x.get(i))) {
                throw new BadInput(what + " holds " + x.get(i) + " at place " + i + "; all numbers must be finite.");
            }
        }
    }
}
