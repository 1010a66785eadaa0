package org.quotient.autodiff.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.kernel.Kernels;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.TrainingMode;

/** Losses, gradients and training steps of the built-in networks. */
class WholeNetworksTest {
    private static final int BATCH = 3;

    /** A network in training mode with its loss: cross entropy of [N, K] scores, else half the squared output. */
    private record Task(Model model, Network network, Expr loss, Map<String, Tensor> values) {
        static Task of(String spec) {
            return of(spec, true);
        }

        static Task of(String spec, boolean training) {
            Model model = BuiltIns.model(spec, 3);
            Network network = training ? TrainingMode.of(model.network()) : model.network();
            Expr output = network.outputs().get(0);
            Expr x = network.inputs().get(0);
            CounterRandom random = CounterRandom.seeded(4);
            List<Tensor> inputs = new ArrayList<>();
            for (Expr input : network.inputs()) {
                inputs.add(Tensor.fill(input.shape().bind(BATCH), input.dtype(), random::normal));
            }
            Map<String, Tensor> values = model.weights().with(network.inputs(), inputs);
            Expr loss;
            if (output.shape().rank() == 2) {
                Expr label = Expr.input("label", output.dtype(), Shape.of(Shape.N));
                values.put(
                        "label",
                        Tensor.fill(
                                Shape.of(BATCH),
                                x.dtype(),
                                i -> i % output.shape().size(1)));
                loss = Layers.crossEntropy(output, label);
            } else {
                loss = output.times(output).mean().times(0.5);
            }
            return new Task(model, network, loss, values);
        }

        List<Expr> gradients() {
            return Differentiation.gradient(loss, network.parameters());
        }

        Program descent(double rate) {
            Program.Builder builder = Program.builder().output(loss);
            List<Expr> gradients = gradients();
            for (int i = 0; i < gradients.size(); i++) {
                Expr w = network.parameters().get(i);
                builder.update(w, w.minus(gradients.get(i).times(rate)));
            }
            return builder.build();
        }

        void give(Session session) {
            session.program().variables().keySet().forEach(name -> session.set(name, values.get(name)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mlp:12-9-7-5",
                "mlp:12-9-7-5,bn=true,activation=leaky:0.1",
                "lenet-5,input=1x16x16",
                "cifar-nv,input=3x8x8",
                "resnet-18,input=3x4x4",
                "resnet-18,input=3x4x4,bn=true",
                "preresnet-18,input=3x4x4,bn=true",
                "densenet-tiny,input=3x8x8",
                "segnet-tiny,input=3x8x8",
                "rnn:2-8-3,steps=4",
                "tied-autoencoder:8-3-8",
                "transformer-tiny,tokens=4"
            })
    void gradientsAreThoseOfTheInterpreter(String spec) {
        for (String dtype : List.of("f64", "f32")) {
            // Statistics of three samples multiply rounding errors: in single precision given statistics are used.
            boolean normalised = spec.contains("bn=true");
            Task task = Task.of(spec + ",dtype=" + dtype, !normalised || dtype.equals("f64"));
            List<Expr> all = new ArrayList<>(List.of(task.loss));
            all.addAll(task.gradients());
            List<Tensor> expected = Evaluator.evaluate(all, task.values);
            List<Tensor> actual = Program.of(all).evaluate(task.values);
            for (int i = 0; i < all.size(); i++) {
                // The interpreter rounds to single precision once per operation, the program once per addition.
                double tolerance = (dtype.equals("f64") ? (normalised ? 1e-10 : 1e-12) : 2e-4)
                        * Math.max(expected.get(i).maxAbs(), 1e-3);
                for (int j = 0; j < expected.get(i).size(); j++) {
                    assertThat(actual.get(i).get(j))
                            .as("%s, result %d", dtype, i)
                            .isCloseTo(expected.get(i).get(j), org.assertj.core.data.Offset.offset(tolerance));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mlp:300-200-200-10,dtype=f32",
                "mlp:300-200-200-10,bn=true",
                "lenet-5,dtype=f32",
                "resnet-18,input=3x4x4,bn=true,dtype=f32"
            })
    void trainingGivesTheSameBitsOnAnyNumberOfThreads(String spec) {
        Task task = Task.of(spec);
        Program descent = task.descent(0.05);
        int steps = spec.startsWith("mlp") ? 100 : 3;
        List<Map<String, Tensor>> ends = new ArrayList<>();
        for (int threads : new int[] {1, 1, 2, 3}) {
            try (Session session = descent.session(threads)) {
                task.give(session);
                for (int i = 0; i < steps; i++) {
                    session.run();
                }
                Map<String, Tensor> end = new java.util.LinkedHashMap<>();
                task.network.parameters().forEach(p -> end.put(Network.nameOf(p), session.get(Network.nameOf(p))));
                ends.add(end);
            }
        }
        assertThat(ends.get(0).values()).allSatisfy(t -> assertThat(t.maxAbs()).isFinite());
        for (Map<String, Tensor> end : ends) {
            end.forEach((name, value) ->
                    assertThat(value.sameBits(ends.get(0).get(name))).as(name).isTrue());
        }
    }

    @Test
    void theTrainingLoopAllocatesNothing() {
        for (String spec :
                List.of("mlp:20-30-10", "mlp:20-30-10,bn=true,dtype=f32", "lenet-5,input=1x12x12,dtype=f32")) {
            Task task = Task.of(spec);
            // Vector code allocates until it is compiled.
            Kernels.of(task.loss.dtype()).warmUp();
            try (Session session = task.descent(0.01).session()) {
                task.give(session);
                assertThat(allocatedBy(session, 100)).as(spec).isZero();
            }
        }
    }

    /** The least number of bytes that the calling thread allocates in some runs, once everything is compiled. */
    private static long allocatedBy(Session session, int runs) {
        ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (least > 0 && System.nanoTime() < deadline) {
            long before = bean.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < runs; i++) {
                session.run();
            }
            least = Math.min(least, bean.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
