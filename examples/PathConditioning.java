import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.Rescaling;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.criteria.Minimiser;
import org.quotient.geometry.criteria.Minimum;
import org.quotient.geometry.criteria.OrbitCriterion;
import org.quotient.geometry.lifting.Path;
import org.quotient.geometry.lifting.PathKernel;
import org.quotient.geometry.lifting.PathLifting;
import org.quotient.geometry.lifting.Paths;

import java.util.HashMap;
import java.util.Map;

/** Path lifting and path conditioning of a small network: run it with {@code ./quotient run examples/PathConditioning.java}. */
public final class PathConditioning {
    private PathConditioning() {}

    public static void main(String[] args) {
        Model model = BuiltIns.model("mlp:2-3-3-1", 0);
        RescalingGroup group = RescalingGroup.of(model.network());

        PathLifting lifting = PathLifting.of(model);
        System.out.printf("%d paths, |Phi|_1 = %.4f, |Phi|_2 = %.4f%n", lifting.pathCount(), lifting.norm(1), lifting.norm(2));
        int shown = 0;
        for (Path path : Paths.of(model)) {
            System.out.printf("%9.5f  %s%n", path.value(), path);
            if (++shown == 3) {
                break;
            }
        }

        OrbitCriterion criterion = OrbitCriterion.pathCond(group, lifting);
        Minimum published = Minimiser.sweeps(10).minimise(criterion);
        Minimum exact = criterion.minimise();
        System.out.printf("divergence %.6f, %.6f after %d sweeps, %.6f at the minimum, certified to 1e-9: %s%n",
                exact.before(), published.after(), published.sweeps(), exact.after(), exact.gap() < 1e-9);
        System.out.printf("tr K %.4f -> %.4f%n",
                criterion.trace(new double[group.rank()]), criterion.trace(exact.z()));

        Rescaling rescaling = exact.rescaling();
        Weights conditioned = rescaling.weights(model.weights());
        System.out.printf("condition number of K: %.2f -> %.2f%n",
                PathKernel.of(lifting, group).conditionNumber(),
                PathKernel.of(PathLifting.of(model.at(conditioned)), group).conditionNumber());

        Map<String, Tensor> momentum = new HashMap<>(model.weights().asMap());   // any buffers of the optimizer
        Map<String, Tensor> carried = rescaling.covectors(momentum);             // they follow, divided by exp(Bz)
        System.out.println(carried.size() + " buffers carried along");
    }
}
