import java.util.List;
import java.util.Locale;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.program.Program;
import org.quotient.autodiff.program.Session;

/** Gradient descent with momentum as one compiled program: two half circles, told apart by a small network. */
public class CompiledStep {
    public static void main(String[] args) {
        Model model = BuiltIns.model("mlp:2-32-32-2,dtype=f32", 0);
        Network network = model.network();
        Expr scores = network.outputs().get(0); // [N, 2]
        Expr label = Expr.input("label", DType.F32, Shape.of(Shape.N));
        Expr loss = Layers.crossEntropy(scores, label);
        List<Expr> gradients = Differentiation.gradient(loss, network.parameters());

        Program.Builder build = Program.builder().output(loss);
        for (int i = 0; i < gradients.size(); i++) {
            Expr w = network.parameters().get(i);
            Expr m = Expr.buffer("momentum of " + Network.nameOf(w), w.dtype(), w.shape());
            Expr next = m.times(0.9).plus(gradients.get(i)); // m' = 0.9 m + g
            build.update(m, next).update(w, w.minus(next.times(0.1))); // w' = w - 0.1 m'
        }
        Program step = build.build();

        int n = 64;
        try (Session session = step.session()) {
            step.variables().forEach((name, shape) -> {
                if (!shape.isSymbolic()) {
                    boolean momentum = name.startsWith("momentum");
                    session.set(name, momentum ? Tensor.fill(shape, DType.F32, i -> 0) : model.weights().get(name));
                }
            });
            session.set("x", Tensor.fill(Shape.of(n, 2), DType.F32, i -> halfCircle(i / 2, n, i % 2)));
            session.set("label", Tensor.fill(Shape.of(n), DType.F32, i -> i % 2));
            for (int t = 0; t <= 300; t++) {
                session.run();
                if (t % 100 == 0) {
                    System.out.printf(Locale.ROOT, "step %d: loss %.4f%n", t, session.scalar(0));
                }
            }
        }
    }

    /** Coordinate 0 or 1 of point i: even points on the upper half circle, odd ones on the lower, shifted. */
    private static double halfCircle(int i, int n, int coordinate) {
        double angle = Math.PI * i / n;
        boolean upper = i % 2 == 0;
        double x = upper ? Math.cos(angle) : 1 - Math.cos(angle);
        double y = upper ? Math.sin(angle) : 0.5 - Math.sin(angle);
        return coordinate == 0 ? x : y;
    }
}
