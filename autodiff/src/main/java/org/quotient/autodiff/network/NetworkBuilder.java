package org.quotient.autodiff.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;

/**
 * Builds networks layer by layer:
 *
 * <pre>{@code
 * NetworkBuilder net = NetworkBuilder.named("small");
 * Flow x = net.input("x", 1, 28, 28);
 * Flow h = x.conv("conv1", 6, Window.square(5, 1, 2)).relu().maxPool(2);
 * Flow y = h.flatten().dense("fc1", 120).relu().dense("fc2", 10);
 * Model model = net.build(y).model(0);
 * }</pre>
 *
 * <p>{@link Flow} holds the layers. Parameters are called as in PyTorch: {@code fc1.weight} [out, in], {@code fc1.bias}. A
 * parameter that {@link #parameter} declared may be used any number of times; so shared weights need nothing special. Not
 * safe for several threads.
 */
public final class NetworkBuilder {
    private final String name;
    private final DType dtype;
    private final Initialisation initialisation;
    private final List<Expr> inputs = new ArrayList<>();
    private final List<Expr> parameters = new ArrayList<>();
    private final List<Expr> buffers = new ArrayList<>();
    private final Map<String, Law> laws = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();

    private NetworkBuilder(String name, DType dtype, Initialisation initialisation) {
        this.name = name;
        this.dtype = dtype;
        this.initialisation = initialisation;
    }

    /** A builder for values of dtype F64 and {@link Initialisation#TORCH}. */
    public static NetworkBuilder named(String name) {
        return new NetworkBuilder(name, DType.F64, Initialisation.TORCH);
    }

    /**
     * A builder.
     *
     * @param name the network's
     * @param dtype of all values
     * @param initialisation the law of layers' weights and biases
     */
    public static NetworkBuilder named(String name, DType dtype, Initialisation initialisation) {
        return new NetworkBuilder(name, dtype, initialisation);
    }

    /** The dtype of all values. */
    public DType dtype() {
        return dtype;
    }

    /** The law of layers' weights and biases. */
    public Initialisation initialisation() {
        return initialisation;
    }

    /**
     * An input [N, sizes...].
     *
     * @param inputName unique
     * @param sizes of one sample, each at least 1
     * @throws IllegalArgumentException if a size is less than 1, or one sample has 2^31 elements or more
     */
    public Flow input(String inputName, int... sizes) {
        checkSizes("Input '" + inputName + "'", sizes);
        int[] all = new int[sizes.length + 1];
        all[0] = Shape.N;
        System.arraycopy(sizes, 0, all, 1, sizes.length);
        Expr input = Expr.input(inputName, dtype, Shape.of(all));
        inputs.add(input);
        return new Flow(this, input);
    }

    /**
     * A trainable parameter.
     *
     * @param parameterName unique
     * @param law where its elements start
     * @param sizes each at least 1
     * @return the variable, which may be used any number of times
     * @throws IllegalArgumentException if a size is less than 1, it has 2^31 elements or more, or the name is taken
     */
    public Expr parameter(String parameterName, Law law, int... sizes) {
        Expr parameter = Expr.parameter(parameterName, dtype, declare(parameterName, law, sizes));
        parameters.add(parameter);
        return parameter;
    }

    /** A value that is kept but not trained; see {@link #parameter}. */
    public Expr buffer(String bufferName, Law law, int... sizes) {
        Expr buffer = Expr.buffer(bufferName, dtype, declare(bufferName, law, sizes));
        buffers.add(buffer);
        return buffer;
    }

    private Shape declare(String variableName, Law law, int... sizes) {
        checkSizes("'" + variableName + "'", sizes);
        if (laws.putIfAbsent(variableName, law) != null) {
            throw new IllegalArgumentException("'" + variableName
                    + "' is declared twice; give each layer its own name, or keep the variable and use it twice");
        }
        return Shape.of(sizes);
    }

    /** Layers on top of any expression over this builder's variables. */
    public Flow flow(Expr value) {
        return new Flow(this, value);
    }

    /**
     * The network of everything declared so far, under its outputs.
     *
     * @param outputs at least one
     * @throws IllegalArgumentException if there is no output, or names collide
     */
    public InitialisedNetwork build(Flow... outputs) {
        if (outputs.length == 0) {
            throw new IllegalArgumentException("A network needs at least one output; '" + name + "' was given none");
        }
        List<Expr> values = Arrays.stream(outputs).map(Flow::value).toList();
        return new InitialisedNetwork(new Network(name, inputs, parameters, buffers, values), laws);
    }

    /** The next automatic label of a kind: relu1, relu2, ... */
    String nextLabel(String kind) {
        return kind + counts.merge(kind, 1, Integer::sum);
    }

    /** Refuses sizes below 1 and tensors that an array cannot hold. */
    static void checkSizes(String what, int... sizes) {
        long elements = 1;
        for (int size : sizes) {
            if (size < 1) {
                throw new IllegalArgumentException(
                        what + " needs sizes of at least 1; given " + Arrays.toString(sizes));
            }
            elements *= size;
            if (elements > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(what + " would have 2^31 elements or more, with sizes "
                        + Arrays.toString(sizes) + "; choose smaller ones");
            }
        }
    }
}
