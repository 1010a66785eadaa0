package org.quotient.optimizers.training;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.Composition;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.conservation.Balance;
import org.quotient.optimizers.conservation.BalanceReport;
import org.quotient.optimizers.conservation.Dynamics;
import org.quotient.optimizers.conservation.Ledger;

/**
 * Keeps the conservation {@link Ledger} of a training: after each step the charges are compared with what the laws say, which tests
 * the gradient of every step without finite differences. It costs several passes over the weights per step.
 */
public final class LedgerListener extends Relay {
    private final Trainer trainer;
    private final Dynamics dynamics;
    private final Network network;
    private Ledger ledger;
    private Map<String, Tensor> before;
    private long entries;
    private long violated;
    private @Nullable Balance worst;
    private double tolerance;
    private boolean begun;

    private LedgerListener(
            Trainer.Listener next,
            Trainer trainer,
            Dynamics dynamics,
            Problem problem,
            Weights weights,
            boolean fresh) {
        super(next);
        this.trainer = trainer;
        this.dynamics = dynamics;
        this.network = problem.network();
        this.ledger = Ledger.of(problem.group(), dynamics);
        this.before = parameters(weights);
        this.begun = fresh || dynamics.momentum() == 0;
    }

    /**
     * A ledger of a training that is about to begin or to go on.
     *
     * @param next is told everything as well
     * @param update gradient descent, with momentum and coupled decay or without
     * @param from where the training begins; one that goes on with momentum is watched from its second step on, since the first
     *     momentum is not the ledger's
     * @throws IllegalArgumentException for another update, whose charges follow no law
     */
    public static LedgerListener of(
            Trainer.Listener next, Trainer trainer, Problem problem, Update update, Progress from) {
        Composition.HeavyBall ball =
                update instanceof Composition c ? c.heavyBall().orElse(null) : null;
        if (ball == null) {
            throw new IllegalArgumentException(
                    "The ledger knows the laws of gradient descent with momentum and coupled decay"
                            + " (sgd, momentum); '" + update.name() + "' is another update");
        }
        return new LedgerListener(
                next,
                trainer,
                new Dynamics(0, ball.momentum(), ball.decay()),
                problem,
                from.state().model().weights(),
                from.state().steps() == 0);
    }

    private Map<String, Tensor> parameters(Weights weights) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        for (Expr p : network.parameters()) {
            out.put(Network.nameOf(p), weights.get(p));
        }
        return out;
    }

    @Override
    public boolean observes() {
        return true;
    }

    @Override
    public void step(long step, double loss, Run run) {
        Map<String, Tensor> after = parameters(run.weights());
        if (begun) {
            Ledger.Entry entry =
                    ledger.with(dynamics.at(trainer.learningRate(step - 1))).record(before, run.differential(), after);
            ledger = entry.next();
            note(entry.report());
        } else {
            // From here on the momentum is known: m⁺ = (θ − θ⁺)/η.
            double eta = trainer.learningRate(step - 1);
            Map<String, Tensor> momentum = new LinkedHashMap<>();
            after.forEach((name, x) -> {
                Tensor old = java.util.Objects.requireNonNull(before.get(name));
                double[] m = new double[x.size()];
                for (int i = 0; i < m.length; i++) {
                    m[i] = eta == 0 ? 0 : (old.get(i) - x.get(i)) / eta;
                }
                momentum.put(name, Tensor.of(x.shape(), m));
            });
            ledger = ledger.withMomentum(momentum);
            begun = true;
        }
        before = after;
        super.step(step, loss, run);
    }

    private void note(BalanceReport report) {
        entries++;
        violated += report.holds() ? 0 : 1;
        tolerance = report.tolerance();
        report.worst().ifPresent(b -> {
            Balance known = worst;
            if (known == null || !(b.relative() <= known.relative())) {
                worst = b;
            }
        });
    }

    /**
     * What the books showed.
     *
     * @param entries how many steps were checked
     * @param violated how many of them broke a law
     * @param worst the largest residual relative to its terms, 0 if no law was there to be checked
     * @param tolerance on it
     */
    public record Books(long entries, long violated, double worst, double tolerance) {}

    /** What the books show so far. */
    public Books books() {
        Balance known = worst;
        return new Books(entries, violated, known == null ? 0 : known.relative(), tolerance);
    }
}
