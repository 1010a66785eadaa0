import java.util.List;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.DimensionCount;
import org.quotient.geometry.Generators;
import org.quotient.geometry.RescalingGroup;

/** A small network of one's own: its dimension, its generators, and a rescaling that leaves the function unchanged. */
public class TwoStreams {
    public static void main(String[] args) {
        NetworkBuilder build = NetworkBuilder.named("two streams");
        Flow x = build.input("x", 3, 8, 8); // a batch of images, [N, 3, 8, 8]
        Flow a = x.conv("a", 6, Window.square(3, 1, 1)).relu(); // kernel 3, stride 1, padding 1
        Flow b = a.conv("b", 6, Window.square(3, 1, 1)).add(a).relu(); // the skip ties the channels of a and b
        Flow y = b.maxPool(2).flatten().dense("head", 10);
        InitialisedNetwork made = build.build(y);

        DimensionCount count = DimensionCount.of(made.network());
        System.out.println(count.live() + " live - " + count.generators() + " generators = " + count.dimension()
                + (count.certificate().proved() ? ", proved" : ", not proved"));

        RescalingGroup group = RescalingGroup.of(made.network());
        System.out.println(Generators.of(group).get(0));

        Model model = made.model(0); // weights drawn with seed 0
        int[] exponents = new int[group.rank()];
        exponents[0] = 3; // multiply the first scale by 2^3
        Weights moved = group.actByPowersOfTwo(model.weights(), exponents);
        List<Tensor> input = List.of(Tensor.fill(x.shape().bind(2), build.dtype(), i -> Math.sin(i)));
        Tensor before = model.evaluate(input).get(0);
        Tensor after = model.at(moved).evaluate(input).get(0);
        System.out.println("same function, bit for bit: " + after.sameBits(before));
    }
}
