package org.quotient.benchmarks.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Tensor;
import org.quotient.benchmarks.compare.Contender;
import org.quotient.benchmarks.compare.Timed;
import org.quotient.benchmarks.torch.TorchArchive;
import org.quotient.benchmarks.torch.TorchProgram;

/** A TorchScript program in libtorch with its numbers. */
final class LoadedProgram implements Contender {
    /** How DJL is told that arrays of this name form one list. */
    private static final String LIST = "p[]";

    private final PtNDManager manager;
    private final PtSymbolBlock block;
    private final TorchProgram program;
    private final boolean optimised;
    private final NDArray x;
    private final NDArray y;
    private final NDArray rate;
    private final List<NDArray> first = new ArrayList<>();
    private final List<NDArray> parameters = new ArrayList<>();
    private final Timed timed;
    private double value = Double.NaN;

    LoadedProgram(String name, PtNDManager manager, TorchProgram program, boolean optimised, boolean channelsLast) {
        this.manager = manager;
        this.program = program;
        this.optimised = optimised;
        this.timed = new Timed(name, this::restart, this::steps, () -> value, manager::close);
        try {
            this.block = JniUtils.loadModule(manager, new ByteArrayInputStream(TorchArchive.of(program)), false, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        DataType type = program.dtype() == DType.F64 ? DataType.FLOAT64 : DataType.FLOAT32;
        this.y = array(program.y(), program.labels() ? DataType.INT64 : type);
        this.rate = manager.create(program.rate());
        NDArray plain = array(program.x(), type);
        program.parameters().forEach(p -> parameters.add(array(p, type)));
        if (channelsLast) {
            NDList moved = call(plain, -1);
            this.x = keep(moved.get(0));
            parameters.clear();
            moved.subList(1, moved.size()).forEach(p -> parameters.add(keep(p)));
        } else {
            this.x = plain;
        }
        parameters.forEach(p -> first.add(keep(p.duplicate())));
    }

    private NDArray keep(NDArray array) {
        array.attach(manager);
        return array;
    }

    private NDArray array(Tensor values, DataType type) {
        Shape shape = new Shape(
                IntStream.of(values.shape().sizes()).mapToLong(size -> size).toArray());
        return manager.create(values.data(), shape).toType(type, true);
    }

    private NDList call(NDArray input, int count) {
        // The setting is libtorch's, not the program's: it is looked at when a program is run.
        JniUtils.setGraphExecutorOptimize(optimised);
        JniUtils.setGradMode(true);
        try (NDManager one = manager.newSubManager()) {
            NDList arguments = new NDList(input, y, rate, one.create((long) count));
            for (NDArray p : parameters) {
                p.setName(LIST);
                arguments.add(p);
            }
            return IValueUtils.forward(block, arguments, true);
        }
    }

    private void steps(int count) {
        try (NDList result = call(x, count)) {
            value = number(result.get(0));
        }
    }

    /** The loss and the gradients. */
    List<Tensor> gradients() {
        try (NDList result = call(x, 0)) {
            List<Tensor> tensors = new ArrayList<>();
            for (NDArray array : result) {
                int[] sizes = LongStream.of(array.getShape().getShape())
                        .mapToInt(Math::toIntExact)
                        .toArray();
                double[] data =
                        array.stopGradient().toType(DataType.FLOAT64, true).toDoubleArray();
                tensors.add(Tensor.of(org.quotient.autodiff.Shape.of(sizes), program.dtype(), data));
            }
            return tensors;
        }
    }

    private static double number(NDArray array) {
        NDArray plain = array.stopGradient().toType(DataType.FLOAT64, true);
        return plain.toDoubleArray()[0];
    }

    private void restart() {
        for (int i = 0; i < parameters.size(); i++) {
            parameters.get(i).setRequiresGradient(false);
            first.get(i).copyTo(parameters.get(i));
        }
    }

    @Override
    public String name() {
        return timed.name();
    }

    @Override
    public void reset() {
        timed.reset();
    }

    @Override
    public Sample run(int steps) {
        return timed.run(steps);
    }

    @Override
    public void close() {
        block.close();
        timed.close();
    }
}
