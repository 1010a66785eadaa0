package org.quotient.benchmarks.compare;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.DoubleSupplier;
import java.util.function.IntConsumer;

/** A contender within this process. */
public final class Timed implements Contender {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final String name;
    private final Runnable reset;
    private final IntConsumer steps;
    private final DoubleSupplier value;
    private final Runnable close;

    /**
     * A contender.
     *
     * @param name who it is
     * @param reset back to the first weights
     * @param steps does so many steps: what is timed
     * @param value a number for comparison after them; not timed
     * @param close frees what it holds
     */
    public Timed(String name, Runnable reset, IntConsumer steps, DoubleSupplier value, Runnable close) {
        this.name = name;
        this.reset = reset;
        this.steps = steps;
        this.value = value;
        this.close = close;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void reset() {
        reset.run();
    }

    @Override
    public Sample run(int count) {
        long cpu = THREADS.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        steps.accept(count);
        long wall = System.nanoTime() - start;
        long processor = THREADS.getCurrentThreadCpuTime() - cpu;
        return new Sample(1e-9 * wall, 1e-9 * processor, value.getAsDouble());
    }

    @Override
    public void close() {
        close.run();
    }
}
