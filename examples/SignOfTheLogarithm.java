import org.quotient.autodiff.Ops;
import org.quotient.optimizers.Law;
import org.quotient.optimizers.Memory;
import org.quotient.optimizers.Point;
import org.quotient.optimizers.Update;

/** θ ← θ − η |θ| sign(g): the sign of the gradient in y = log|θ|, which no rescaling changes. */
public final class SignOfTheLogarithm implements Update {
    @Override
    public String name() {
        return "sign-of-the-logarithm";
    }

    @Override
    public Law law() {
        return Law.INVARIANT;
    }

    @Override
    public Step step(Point at, Memory memory) {
        return Step.to(at.theta().zip(at.differential(),
                (w, g) -> w.minus(Ops.abs(w).times(Ops.sign(g)).times(at.learningRate()))));
    }
}
