package org.quotient.benchmarks.torch;

import java.util.List;
import org.quotient.benchmarks.compare.Contender;

/** A libtorch that runs programs, on one thread. Found by {@link java.util.ServiceLoader}, or started by us. */
public interface TorchPeer extends AutoCloseable {
    /** A short name for tables. */
    String name();

    /** Its version, and what else matters for speed. */
    String version();

    /**
     * The ways in which it can run a program, each ready to be timed.
     *
     * @param program the work
     * @return at least one
     */
    List<Contender> variants(TorchProgram program);

    @Override
    void close();
}
