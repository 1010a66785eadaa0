package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;

/** The same network in ONNX Runtime, and how far two results are apart. */
final class Reference {
    private Reference() {}

    static Path fixture(String name) {
        return Path.of("src", "test", "resources", "onnx", name);
    }

    /** The outputs of ONNX Runtime for given inputs; a Tensor of whole numbers may stand for int64. */
    static List<Tensor> run(ModelProto proto, List<Tensor> inputs) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            try (OrtSession session = environment.createSession(proto.toByteArray(), options)) {
                Map<String, OnnxTensor> feed = new LinkedHashMap<>();
                int next = 0;
                for (String name : session.getInputNames()) {
                    boolean whole = session.getInputInfo()
                            .get(name)
                            .getInfo()
                            .toString()
                            .contains("INT64");
                    feed.put(name, tensor(environment, inputs.get(next++), whole));
                }
                try (OrtSession.Result result = session.run(feed)) {
                    List<Tensor> outputs = new ArrayList<>();
                    result.forEach(entry -> outputs.add(tensor((OnnxTensor) entry.getValue())));
                    return outputs;
                }
            }
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, Tensor value, boolean whole) throws OrtException {
        long[] shape = Arrays.stream(value.shape().sizes()).asLongStream().toArray();
        if (whole) {
            long[] data = Arrays.stream(value.data()).mapToLong(v -> (long) v).toArray();
            return OnnxTensor.createTensor(environment, LongBuffer.wrap(data), shape);
        }
        if (value.dtype() == DType.F64) {
            return OnnxTensor.createTensor(environment, DoubleBuffer.wrap(value.data()), shape);
        }
        float[] data = new float[value.size()];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) value.get(i);
        }
        return OnnxTensor.createTensor(environment, FloatBuffer.wrap(data), shape);
    }

    private static Tensor tensor(OnnxTensor value) {
        int[] sizes = Arrays.stream(value.getInfo().getShape())
                .mapToInt(Math::toIntExact)
                .toArray();
        DoubleBuffer doubles = value.getDoubleBuffer();
        FloatBuffer floats = value.getFloatBuffer();
        DType dtype = doubles == null ? DType.F32 : DType.F64;
        return Tensor.fill(Shape.of(sizes), dtype, i -> doubles == null ? floats.get(i) : doubles.get(i));
    }

    /** Normally distributed inputs for a batch size. */
    static List<Tensor> inputs(Network network, int batch, long seed) {
        List<Tensor> inputs = new ArrayList<>();
        for (Expr input : network.inputs()) {
            CounterRandom random = CounterRandom.seeded(seed).split(Network.nameOf(input));
            inputs.add(Tensor.fill(input.shape().bind(batch), input.dtype(), random::normal));
        }
        return inputs;
    }

    /** The largest difference, relative to the largest value. */
    static double distance(Tensor a, Tensor b) {
        if (!a.shape().equals(b.shape())) {
            throw new AssertionError("shapes " + a.shape() + " and " + b.shape());
        }
        double difference = 0;
        for (int i = 0; i < a.size(); i++) {
            difference = Math.max(difference, Math.abs(a.get(i) - b.get(i)));
            if (Double.isNaN(a.get(i)) || Double.isNaN(b.get(i))) {
                throw new AssertionError("not a number at " + i);
            }
        }
        return difference / Math.max(b.maxAbs(), 1e-30);
    }

    /** The largest distance between the outputs here and those of ONNX Runtime. */
    static double distance(Model model, ModelProto proto, int batch, long seed) throws OrtException {
        List<Tensor> inputs = inputs(model.network(), batch, seed);
        List<Tensor> here = model.evaluate(inputs);
        List<Tensor> there = run(proto, inputs);
        double largest = 0;
        for (int i = 0; i < here.size(); i++) {
            largest = Math.max(largest, distance(here.get(i), there.get(i)));
        }
        return largest;
    }
}
