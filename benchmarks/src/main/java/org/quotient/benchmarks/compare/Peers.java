package org.quotient.benchmarks.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.quotient.benchmarks.torch.PythonPeer;
import org.quotient.benchmarks.torch.TorchPeer;
import org.quotient.benchmarks.torch.TorchProgram;

/**
 * The peers that are there.
 *
 * @param torch every libtorch
 * @param blas OpenBLAS, if it was found
 * @param absent what was looked for in vain, with what to do
 */
record Peers(List<TorchPeer> torch, Optional<OpenBlas> blas, List<String> absent) implements AutoCloseable {

    /**
     * Looks for all peers.
     *
     * @param python commands of Python to try in order
     * @param libraries a folder with libopenblas.so.0 or another BLAS, if they are not where the system looks
     */
    static Peers find(List<String> python, Optional<Path> libraries) {
        List<TorchPeer> torch = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        ServiceLoader.load(TorchPeer.class).forEach(torch::add);
        if (torch.isEmpty()) {
            absent.add("libtorch by DJL: not on the class path (benchmarks/compare puts it there)");
        }
        PythonPeer.start(python, libraries)
                .ifPresentOrElse(
                        torch::add,
                        () -> absent.add("PyTorch: none of " + String.join(", ", python)
                                + " can import torch (--python names another; Debian: apt install python3-torch)"));
        Optional<OpenBlas> blas = OpenBlas.find(libraries);
        if (blas.isEmpty()) {
            absent.add(
                    "OpenBLAS: no libopenblas.so.0 (--libraries names its folder; Debian: apt install libopenblas0)");
        }
        return new Peers(List.copyOf(torch), blas, List.copyOf(absent));
    }

    /** The variants of every libtorch for a program. */
    List<List<Contender>> variants(TorchProgram program) {
        List<List<Contender>> all = new ArrayList<>();
        torch.forEach(peer -> all.add(peer.variants(program)));
        return all;
    }

    /** Names and versions. */
    Map<String, String> versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        torch.forEach(peer -> versions.put(peer.name(), peer.version()));
        blas.ifPresent(b -> versions.put(OpenBlas.NAME, b.version()));
        return versions;
    }

    @Override
    public void close() {
        torch.forEach(TorchPeer::close);
    }
}
