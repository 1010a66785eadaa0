package org.quotient.benchmarks.rescale;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.criteria.Minimiser;
import org.quotient.geometry.criteria.Minimum;
import org.quotient.geometry.criteria.OrbitCriterion;
import org.quotient.geometry.lifting.PathLifting;

/** Ours: everything after the network was read, from its group to the rescaled weights; nothing is kept between runs. */
final class OurRescaling implements Parted {
    private static final List<String> PARTS = List.of("group", "energies", "solve", "apply");

    private final String name;
    private final Model model;
    private final Minimiser minimiser;
    private final List<Block> blocks = new ArrayList<>();
    private @Nullable Minimum last;
    private @Nullable Weights moved;

    /**
     * A method.
     *
     * @param model whose weights are in memory already
     */
    OurRescaling(String name, Model model, Minimiser minimiser) {
        this.name = name;
        this.model = model;
        this.minimiser = minimiser;
        model.network().parameters().forEach(model.weights()::get);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void reset() {
        // The weights are never changed.
    }

    @Override
    public Sample run(int steps) {
        double[] parts = new double[PARTS.size()];
        double cpu = process();
        long start = System.nanoTime();
        for (int i = 0; i < steps; i++) {
            once(parts);
        }
        double wall = (System.nanoTime() - start) / 1e9;
        cpu = process() - cpu;
        Minimum minimum = minimum();
        List<Double> spent = new ArrayList<>();
        for (double part : parts) {
            spent.add(part);
        }
        blocks.add(new Block(steps, spent, minimum.sweeps()));
        return new Sample(wall, cpu, minimum.after());
    }

    private void once(double[] parts) {
        double t0 = thread();
        RescalingGroup group = RescalingGroup.of(model.network());
        double t1 = thread();
        OrbitCriterion criterion = OrbitCriterion.pathCond(group, PathLifting.of(model, group.liveness()));
        double t2 = thread();
        Minimum minimum = minimiser.minimise(criterion);
        double t3 = thread();
        moved = minimum.rescaling().weights(model.weights());
        double t4 = thread();
        last = minimum;
        parts[0] += t1 - t0;
        parts[1] += t2 - t1;
        parts[2] += t3 - t2;
        parts[3] += t4 - t3;
    }

    /** Processor time of the whole process, compiler and collector included. */
    private static double process() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuTime() / 1e9
                : thread();
    }

    private static double thread() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
    }

    /** What the last run found. */
    Minimum minimum() {
        if (last == null || moved == null) {
            throw new IllegalStateException(name + " has not run yet");
        }
        return last;
    }

    @Override
    public List<String> parts() {
        return PARTS;
    }

    @Override
    public List<Block> blocks() {
        return List.copyOf(blocks);
    }

    @Override
    public void close() {
        last = null;
        moved = null;
    }
}
