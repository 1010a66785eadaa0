package org.quotient.benchmarks.peers;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import org.quotient.autodiff.Tensor;
import org.quotient.benchmarks.compare.Contender;
import org.quotient.benchmarks.torch.TorchPeer;
import org.quotient.benchmarks.torch.TorchProgram;

/**
 * libtorch through DJL, on one thread. A program runs its whole loop inside libtorch, so that neither the price of DJL's
 * calls nor that of Python counts.
 */
public final class DjlPeer implements TorchPeer {
    private final Engine engine;

    /** Loads the library; found by {@link java.util.ServiceLoader}. */
    public DjlPeer() {
        System.setProperty("ai.djl.pytorch.num_threads", "1");
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        this.engine = Engine.getEngine("PyTorch");
        JniUtils.setNumThreads(1);
    }

    @Override
    public String name() {
        return "libtorch";
    }

    @Override
    public String version() {
        return "libtorch " + engine.getVersion() + " "
                + String.join(" ", new java.util.TreeSet<>(JniUtils.getFeatures())) + ", DJL " + Engine.getDjlVersion();
    }

    @Override
    public List<Contender> variants(TorchProgram program) {
        List<Contender> variants = new ArrayList<>();
        for (boolean optimised : program.loss().isEmpty() ? new boolean[] {false} : new boolean[] {false, true}) {
            for (boolean last : program.images() ? new boolean[] {false, true} : new boolean[] {false}) {
                String how = (optimised ? ", optimised" : "") + (last ? ", channels last" : "");
                variants.add(new LoadedProgram(name() + " (script" + how + ")", manager(), program, optimised, last));
            }
        }
        return variants;
    }

    /**
     * The loss of a program's first weights and its gradients, in order.
     *
     * @param program one that has a loss
     */
    List<Tensor> gradients(TorchProgram program) {
        try (LoadedProgram loaded = new LoadedProgram(name(), manager(), program, false, false)) {
            return loaded.gradients();
        }
    }

    private static PtNDManager manager() {
        return (PtNDManager) NDManager.newBaseManager("PyTorch");
    }

    @Override
    public void close() {
        // The library stays loaded until the process ends.
    }
}
