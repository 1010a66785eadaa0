package org.quotient.benchmarks.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;

/**
 * A whole piece of work for libtorch: a TorchScript program that repeats it {@code count} times inside libtorch, so that
 * nothing of the calling language is measured, and the numbers that it begins with.
 *
 * <p>Its function is {@code forward(x, y, rate, count, p) -> List[Tensor]}. With count &gt; 0 it works on p in place and gives
 * one number that tells whether it did the same as others; with count = 0 it gives the loss and its gradients; with count
 * &lt; 0 it gives x and p in the memory format channels-last.
 *
 * @param forward the body of that function, one statement a line
 * @param loss the body of {@code loss(x, y, p) -> Tensor}, if there is one: for running it eagerly in Python
 * @param dtype of x and p
 * @param x the input
 * @param y labels (whole numbers, [N]) or a target
 * @param labels whether y holds labels
 * @param parameters the list p
 * @param rate the learning rate
 */
public record TorchProgram(
        List<String> forward,
        List<String> loss,
        DType dtype,
        Tensor x,
        Tensor y,
        boolean labels,
        List<Tensor> parameters,
        double rate) {

    private static final List<String> LAYOUT = List.of(
            "if count < 0:",
            "  r = [torch.contiguous(x, memory_format=2)]",
            "  for q in p:",
            "    if torch.dim(q) == 4:",
            "      _1 = torch.append(r, torch.contiguous(q, memory_format=2))",
            "    else:",
            "      _2 = torch.append(r, q)",
            "  return r");

    private static final List<String> STEPS = List.of(
            "for q in p:",
            "  _3 = torch.requires_grad_(q)",
            "l = self.loss(x, y, p)",
            "if count == 0:",
            "  r = [l]",
            "  for h in torch.autograd.grad([l], p):",
            "    _4 = torch.append(r, unchecked_cast(Tensor, h))",
            "  return r",
            "for i in range(count):",
            "  for q in p:",
            "    _5 = torch.requires_grad_(q)",
            "  l = self.loss(x, y, p)",
            "  g = torch.autograd.grad([l], p)",
            "  for j in range(torch.len(p)):",
            "    q = torch.detach_(p[j])",
            "    _6 = torch.add_(q, unchecked_cast(Tensor, g[j]), alpha=-rate)",
            "return [l]");

    /** Copies the lists. */
    public TorchProgram {
        forward = List.copyOf(forward);
        loss = List.copyOf(loss);
        parameters = List.copyOf(parameters);
    }

    /** The loss of a network's output. */
    public enum LossKind {
        /** Mean over the batch of −log softmax(f)[y]. */
        CROSS_ENTROPY,
        /** Mean over the batch of ½‖f − y‖². */
        HALF_SQUARED_ERROR
    }

    /**
     * Steps of gradient descent on one batch.
     *
     * @param model network and first weights; batch normalisation in training mode
     * @param kind the loss
     * @param x the batch
     * @param y its labels or target
     * @param rate the learning rate
     */
    public static TorchProgram descent(Model model, LossKind kind, Tensor x, Tensor y, double rate) {
        Network network = model.network();
        int batch = x.shape().size(0);
        TorchCode.Body body = TorchCode.of(network, batch);
        List<String> loss = new ArrayList<>(body.lines());
        loss.add("return "
                + switch (kind) {
                    case CROSS_ENTROPY -> "torch.cross_entropy_loss(" + body.result() + ", y, None, 1, -100, 0.)";
                    case HALF_SQUARED_ERROR ->
                        "torch.div(torch.sum(torch.square(torch.sub(" + body.result() + ", y))), " + 2.0 * batch + ")";
                });
        List<String> forward = new ArrayList<>(LAYOUT);
        forward.addAll(STEPS);
        List<Tensor> parameters =
                network.parameters().stream().map(p -> model.weights().get(p)).toList();
        DType dtype = network.outputs().get(0).dtype();
        return new TorchProgram(forward, loss, dtype, x, y, kind == LossKind.CROSS_ENTROPY, parameters, rate);
    }

    /** C = A·B again and again; the number given is its last element. */
    public static TorchProgram product(Tensor a, Tensor b) {
        Shape c = Shape.of(a.shape().size(0), b.shape().size(1));
        return new TorchProgram(
                List.of(
                        "if count < 0:",
                        "  return [x, p[0], p[1]]",
                        "for i in range(count):",
                        "  _0 = torch.mm(x, p[0], out=p[1])",
                        "return [torch.slice(torch.reshape(p[1], [-1]), 0, -1)]"),
                List.of(),
                a.dtype(),
                a,
                Tensor.of(Shape.of(1), DType.F64, 0),
                true,
                List.of(b, Tensor.fill(c, a.dtype(), i -> 0)),
                0);
    }

    /** Whether the input is a batch of images, for which libtorch has a second memory format. */
    public boolean images() {
        return x.shape().rank() == 4;
    }

    /** The source of the class that an archive holds. */
    public String source() {
        String self = "  def %s(self: __torch__.Program, ";
        StringBuilder text = new StringBuilder("""
                class Program(Module):
                  __parameters__ = []
                  __buffers__ = []
                  training : bool
                """);
        if (!loss.isEmpty()) {
            text.append(self.formatted("loss")).append("x: Tensor, y: Tensor, p: List[Tensor]) -> Tensor:\n");
            text.append(indented("    ", loss));
        }
        text.append(self.formatted("forward"))
                .append("x: Tensor, y: Tensor, step: Tensor, steps: Tensor, p: List[Tensor]) -> List[Tensor]:\n")
                .append(indented("    ", List.of("rate = float(step)", "count = int(steps)")))
                .append(indented("    ", forward));
        return text.toString();
    }

    /** The loss as a function of Python, if there is one. */
    public Optional<String> python() {
        return loss.isEmpty() ? Optional.empty() : Optional.of("def loss(x, y, p):\n" + indented("    ", loss));
    }

    private static String indented(String by, List<String> lines) {
        return lines.stream().map(line -> by + line + "\n").collect(Collectors.joining());
    }
}
