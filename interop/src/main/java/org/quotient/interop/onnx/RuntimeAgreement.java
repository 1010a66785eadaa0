package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.interop.InteropException;

/** Compares two ONNX models as ONNX Runtime computes them: a check that does not trust this project's own evaluation. */
public final class RuntimeAgreement {
    private RuntimeAgreement() {}

    /**
     * The largest difference of two models' outputs, max|f′ − f| / max|f| over all outputs, on standard normal inputs. Runs on one
     * thread of the CPU.
     *
     * @param before f
     * @param after f′, with the same inputs and outputs
     * @param samples how many inputs, at least 1; a model for a fixed batch is run as often as it takes
     * @param seed for the inputs
     * @throws InteropException if ONNX Runtime cannot run one of them, an input is not of floating-point numbers, or an output of
     *     the first is not finite
     */
    public static double largestChange(ModelProto before, ModelProto after, int samples, long seed) {
        if (samples < 1) {
            throw new InteropException("Expected at least one sample; given " + samples + ".");
        }
        try (Runner first = new Runner(before);
                Runner second = new Runner(after)) {
            double scale = 0;
            double gap = 0;
            int step = first.batch(samples);
            for (int done = 0, round = 0; done < samples; done += step, round++) {
                List<double[]> f = first.run(step, CounterRandom.seeded(seed).split("round " + round));
                List<double[]> g = second.run(step, CounterRandom.seeded(seed).split("round " + round));
                for (int k = 0; k < f.size(); k++) {
                    for (int i = 0; i < f.get(k).length; i++) {
                        double x = f.get(k)[i];
                        if (!Double.isFinite(x)) {
                            throw new InteropException(
                                    "The network's outputs are not finite in ONNX Runtime on random inputs, so nothing can be"
                                            + " compared. Give a network whose outputs are finite, or another seed.");
                        }
                        scale = Math.max(scale, Math.abs(x));
                        double difference = Math.abs(x - g.get(k)[i]);
                        gap = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(gap, difference);
                    }
                }
            }
            return gap == 0 ? 0 : gap / scale;
        } catch (OrtException e) {
            throw new InteropException("ONNX Runtime cannot run the network: " + e.getMessage(), e);
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            throw new InteropException(
                    "ONNX Runtime does not start on this machine (" + e.getMessage()
                            + "). Leave the check out, or use a machine that ONNX Runtime supports.",
                    e);
        }
    }

    private static final class Runner implements AutoCloseable {
        private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
        private final OrtSession session;

        Runner(ModelProto proto) throws OrtException {
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
                options.setIntraOpNumThreads(1);
                options.setInterOpNumThreads(1);
                session = environment.createSession(proto.toByteArray(), options);
            }
        }

        /** The batch that one run can take: all samples, or what the model fixes. */
        int batch(int samples) throws OrtException {
            int batch = samples;
            for (NodeInfo input : session.getInputInfo().values()) {
                long[] shape = ((TensorInfo) input.getInfo()).getShape();
                if (shape.length > 0 && shape[0] > 0) {
                    batch = Math.toIntExact(shape[0]);
                }
            }
            return batch;
        }

        List<double[]> run(int batch, CounterRandom random) throws OrtException {
            Map<String, OnnxTensor> feed = new LinkedHashMap<>();
            try {
                for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
                    TensorInfo info = (TensorInfo) input.getValue().getInfo();
                    feed.put(input.getKey(), draw(input.getKey(), info, batch, random.split(input.getKey())));
                }
                try (OrtSession.Result result = session.run(feed)) {
                    List<double[]> outputs = new ArrayList<>();
                    for (Map.Entry<String, ai.onnxruntime.OnnxValue> entry : result) {
                        outputs.add(numbers((OnnxTensor) entry.getValue()));
                    }
                    return outputs;
                }
            } finally {
                feed.values().forEach(OnnxTensor::close);
            }
        }

        private OnnxTensor draw(String name, TensorInfo info, int batch, CounterRandom random) throws OrtException {
            long[] shape = info.getShape().clone();
            int size = 1;
            for (int k = 0; k < shape.length; k++) {
                if (shape[k] < 0) {
                    if (k > 0) {
                        throw new InteropException("Input '" + name + "' leaves its axis " + k
                                + " open; expected fixed sizes but for the batch.");
                    }
                    shape[k] = batch;
                }
                size = Math.multiplyExact(size, Math.toIntExact(shape[k]));
            }
            if (info.type == OnnxJavaType.DOUBLE) {
                DoubleBuffer values = DoubleBuffer.allocate(size);
                for (int i = 0; i < size; i++) {
                    values.put(i, random.normal(i));
                }
                return OnnxTensor.createTensor(environment, values, shape);
            }
            if (info.type != OnnxJavaType.FLOAT) {
                throw new InteropException("Input '" + name + "' is of type " + info.type
                        + "; only floating-point inputs can be drawn at random. Leave the check out.");
            }
            FloatBuffer values = FloatBuffer.allocate(size);
            for (int i = 0; i < size; i++) {
                values.put(i, (float) random.normal(i));
            }
            return OnnxTensor.createTensor(environment, values, shape);
        }

        private static double[] numbers(OnnxTensor value) {
            if (value.getInfo().type == OnnxJavaType.DOUBLE) {
                DoubleBuffer buffer = value.getDoubleBuffer();
                double[] out = new double[buffer.remaining()];
                buffer.get(out);
                return out;
            }
            FloatBuffer buffer = value.getFloatBuffer();
            double[] out = new double[buffer.remaining()];
            for (int i = 0; i < out.length; i++) {
                out[i] = buffer.get(i);
            }
            return out;
        }

        @Override
        public void close() throws OrtException {
            session.close();
        }
    }
}
