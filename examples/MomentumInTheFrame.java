import java.util.Map;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.FrameMetric;
import org.quotient.optimizers.Law;
import org.quotient.optimizers.Memory;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.Point;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.State;
import org.quotient.optimizers.Update;

/** m ← 0.9 m + ε∘g, θ ← θ − η ε∘m, with the units ε of the covariant frame: no rescaling changes the numbers in m. */
public final class MomentumInTheFrame implements Update {
    private static final FrameMetric FRAME = FrameMetric.FORWARD;

    @Override
    public String name() {
        return "momentum-in-the-frame";
    }

    @Override
    public Law law() {
        return Law.INVARIANT;
    }

    @Override
    public State init(Problem problem, Weights weights) {
        return State.of("momentum", State.Slot.zeros(problem, 0))    // times χ^0 when θ is rescaled by χ
                .withPart("frame", FRAME.init(problem, weights));
    }

    @Override
    public Step step(Point at, Memory memory) {
        Memory frame = memory.part("frame");
        ParameterVector g = FRAME.gradient(at.differential(), at, frame);
        ParameterVector m = memory.get("momentum").times(0.9).plus(g);
        return new Step(FRAME.retract(m.times(at.learningRate()).times(-1), at, frame), Map.of("momentum", m));
    }
}
