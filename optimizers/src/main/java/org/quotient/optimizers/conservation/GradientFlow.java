package org.quotient.optimizers.conservation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.exception.MaxCountExceededException;
import org.apache.commons.math3.exception.NumberIsTooSmallException;
import org.apache.commons.math3.ode.FirstOrderDifferentialEquations;
import org.apache.commons.math3.ode.nonstiff.DormandPrince853Integrator;
import org.apache.commons.math3.ode.sampling.StepHandler;
import org.apache.commons.math3.ode.sampling.StepInterpolator;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.autodiff.program.Program;
import org.quotient.autodiff.program.Session;

/**
 * Gradient flow dθ/dt = −ε²∘∂L/∂θ of a loss on fixed data, integrated by the embedded Runge-Kutta method of order 8 of Dormand and
 * Prince (1980, in Apache Commons Math), or by Euler's method, which is gradient descent.
 *
 * <p>At kinks of the network the right-hand side jumps. The step control crosses them in small steps, and charges are conserved
 * on both sides. Where the flow runs into a kink from both sides it slides along (Filippov 1988): small ReLU networks in the
 * Euclidean metric do so soon. Then steps shrink without end, and the result ends early and says so. Networks without kinks
 * (linear ones, products) can be followed to the end.
 */
public final class GradientFlow {
    private static final int MOST_EVALUATIONS = 20_000;

    private final Network network;
    private final Session gradient;
    private final Map<String, Tensor> data;

    private GradientFlow(Network network, Session gradient, Map<String, Tensor> data) {
        this.network = network;
        this.gradient = gradient;
        this.data = data;
    }

    /**
     * The flow of a loss.
     *
     * @param network whose parameters flow, all in f64; buffers are kept
     * @param loss a scalar over the network's variables and any others
     * @param data the values of all variables that are neither parameters nor buffers of the network
     * @throws IllegalArgumentException if a parameter is in single precision
     */
    public static GradientFlow of(Network network, Expr loss, Map<String, Tensor> data) {
        for (Expr p : network.parameters()) {
            if (p.dtype() != DType.F64) {
                throw new IllegalArgumentException(
                        "Gradient flow is integrated in double precision; " + p.describe() + " is " + p.dtype());
            }
        }
        Session session =
                Program.of(Differentiation.gradient(loss, network.parameters())).session();
        return new GradientFlow(network, session, Map.copyOf(data));
    }

    /**
     * Integrates with step control.
     *
     * @param start θ(0) with the buffers
     * @param metric which gradient, and which charges to watch
     * @param time how long, positive
     * @param tolerance of the local error per step, absolute and relative, such as 1e-10
     * @return up to that time, or as far as {@value #MOST_EVALUATIONS} gradients lead
     */
    public FlowResult integrate(Weights start, FlowMetric metric, double time, double tolerance) {
        Recorder recorder = new Recorder(start, metric);
        DormandPrince853Integrator integrator =
                new DormandPrince853Integrator(1e-15 * time, time, tolerance, tolerance);
        integrator.setMaxEvaluations(MOST_EVALUATIONS);
        integrator.addStepHandler(recorder);
        double[] y = flat(start);
        if (y.length == 0) {
            return recorder.result(true);
        }
        boolean finished = true;
        try {
            integrator.integrate(recorder, 0, y, time, y);
        } catch (MaxCountExceededException | NumberIsTooSmallException e) {
            finished = false;
        }
        return recorder.result(finished);
    }

    /**
     * Steps θ⁺ = θ − hε²∘g of Euler's method.
     *
     * @param start θ(0) with the buffers
     * @param metric which gradient, and which charges to watch
     * @param step h
     * @param steps how many
     */
    public FlowResult euler(Weights start, FlowMetric metric, double step, int steps) {
        Recorder recorder = new Recorder(start, metric);
        double[] y = flat(start);
        double[] velocity = new double[y.length];
        for (int i = 0; i < steps; i++) {
            recorder.computeDerivatives(i * step, y, velocity);
            for (int k = 0; k < y.length; k++) {
                y[k] += step * velocity[k];
            }
            recorder.add((i + 1) * step, weights(start, y));
        }
        return recorder.result(true);
    }

    private double[] flat(Weights theta) {
        double[] y = new double[Math.toIntExact(network.parameterCount())];
        int at = 0;
        for (Expr p : network.parameters()) {
            double[] x = theta.get(p).data();
            System.arraycopy(x, 0, y, at, x.length);
            at += x.length;
        }
        return y;
    }

    private Weights weights(Weights start, double[] y) {
        Map<String, Tensor> out = new LinkedHashMap<>(start.asMap());
        int at = 0;
        for (Expr p : network.parameters()) {
            int size = p.shape().elements();
            out.put(Network.nameOf(p), Tensor.of(p.shape(), java.util.Arrays.copyOfRange(y, at, at + size)));
            at += size;
        }
        return Weights.of(out);
    }

    /** The differential at a point, parameter by parameter. */
    private List<Tensor> differential(Weights theta) {
        synchronized (gradient) {
            Map<String, Tensor> values = new LinkedHashMap<>(theta.asMap());
            values.putAll(data);
            for (String name : gradient.program().variables().keySet()) {
                Tensor value = values.get(name);
                if (value != null) {
                    gradient.set(name, value);
                }
            }
            gradient.run();
            return gradient.outputs();
        }
    }

    /** The right-hand side, and what is written down at each accepted step. */
    private final class Recorder implements FirstOrderDifferentialEquations, StepHandler {
        private final Weights start;
        private final FlowMetric metric;
        private final List<Double> times = new ArrayList<>();
        private final List<double[]> charges = new ArrayList<>();
        private Weights last;
        private int evaluations;

        Recorder(Weights start, FlowMetric metric) {
            this.start = start;
            this.metric = metric;
            this.last = start;
            add(0, start);
        }

        void add(double t, Weights theta) {
            last = theta;
            times.add(t);
            charges.add(metric.charges().apply(theta));
        }

        FlowResult result(boolean finished) {
            return new FlowResult(last, times, charges, metric.scale().apply(start), evaluations, finished);
        }

        @Override
        public int getDimension() {
            return Math.toIntExact(network.parameterCount());
        }

        @Override
        public void computeDerivatives(double t, double[] y, double[] velocity) {
            evaluations++;
            Weights theta = weights(start, y);
            Map<String, Tensor> units = metric.units().units(theta);
            List<Tensor> g = differential(theta);
            int at = 0;
            for (int p = 0; p < g.size(); p++) {
                String name = Network.nameOf(network.parameters().get(p));
                Tensor unit = java.util.Objects.requireNonNull(units.get(name));
                for (int i = 0; i < unit.size(); i++) {
                    velocity[at++] = -unit.get(i) * (unit.get(i) * g.get(p).get(i));
                }
            }
        }

        @Override
        public void init(double t0, double[] y0, double t) {}

        @Override
        public void handleStep(StepInterpolator interpolator, boolean isLast) {
            interpolator.setInterpolatedTime(interpolator.getCurrentTime());
            add(interpolator.getCurrentTime(), weights(start, interpolator.getInterpolatedState()));
        }
    }
}
