package org.quotient.proofs.catalogue;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.quotient.proofs.Choices;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Sketch;

/**
 * A ReLU network with one hidden layer of which the first unit is special, so that its functional dimension has a closed form.
 *
 * @param instance the network and its weights
 * @param inputs n₀
 * @param units r
 * @param outputs m
 * @param bias whether both layers have one
 * @param situation what is special
 */
record OneHiddenLayer(NetworkInstance instance, int inputs, int units, int outputs, boolean bias, Situation situation) {

    /** What is special about the first unit. */
    enum Situation {
        /** Nothing. */
        GENERIC,
        /** It bends where the second unit does, on the same side. */
        TWIN,
        /** It bends where the second unit does, on the other side. */
        OPPOSITE,
        /** All that leaves it is zero. */
        SILENT,
        /** Its incoming weights are zero and its bias is negative. */
        DEAD,
        /** Its incoming weights are zero and its bias is positive. */
        CONSTANT;

        /** In words. */
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int MOST = 4;

    /** Small whole numbers for weights, without a bias in the generic situation only. */
    static OneHiddenLayer draw(Choices choices) {
        Situation situation = choices.among(Situation.values());
        boolean bias = situation != Situation.GENERIC || !choices.maybe();
        boolean two = situation == Situation.TWIN || situation == Situation.OPPOSITE;
        int inputs = choices.between(1, 3);
        int units = choices.between(two ? 2 : 1, 3);
        int outputs = choices.between(1, 2);
        double[] w = numbers(choices, units * inputs);
        double[] b = numbers(choices, bias ? units : 0);
        double[] u = numbers(choices, outputs * units);
        double[] c = numbers(choices, bias ? outputs : 0);
        switch (situation) {
            case TWIN, OPPOSITE -> {
                int factor = choices.between(1, 2) * (situation == Situation.TWIN ? 1 : -1);
                for (int j = 0; j < inputs; j++) {
                    w[j] = factor * w[inputs + j];
                }
                b[0] = factor * b[1];
            }
            case DEAD, CONSTANT -> {
                Arrays.fill(w, 0, inputs, 0);
                b[0] = situation == Situation.DEAD ? -1 : 1;
            }
            case SILENT -> {
                for (int k = 0; k < outputs; k++) {
                    u[k * units] = 0;
                }
            }
            case GENERIC -> {}
        }
        double[] all = new double[w.length + b.length + u.length + c.length];
        int next = 0;
        for (double[] part : List.of(w, b, u, c)) {
            System.arraycopy(part, 0, all, next, part.length);
            next += part.length;
        }
        NetworkInstance instance = NetworkInstance.of(Sketch.mlp(bias, inputs, units, outputs), all);
        return new OneHiddenLayer(instance, inputs, units, outputs, bias, situation);
    }

    private static double[] numbers(Choices choices, int count) {
        double[] out = new double[count];
        for (int k = 0; k < count; k++) {
            out[k] = choices.nonzero(MOST);
        }
        return out;
    }

    /**
     * Whether no two units bend at the same place but for the twins that are meant. On a line without biases all units bend at 0,
     * which the closed form knows.
     */
    boolean bendsAreDistinct() {
        boolean atZero = !bias && inputs == 1;
        for (int i = 0; i < units; i++) {
            for (int j = i + 1; j < units; j++) {
                boolean twins = situation == Situation.TWIN || situation == Situation.OPPOSITE;
                boolean meant = atZero || (twins && i == 0 && j == 1);
                if (!meant && parallel(in(i), in(j))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The functional dimension. */
    int closedForm() {
        int n = inputs;
        int m = outputs;
        if (!bias) {
            return n == 1 ? m * halfLines() : n * units + units * m - units;
        }
        return n * units
                + units * m
                + m
                - switch (situation) {
                    case GENERIC -> 0;
                    case SILENT -> n;
                    case DEAD -> n + m;
                    case CONSTANT -> m;
                    case TWIN -> parallel(out(0), out(1)) ? n + m : m;
                    case OPPOSITE -> parallel(out(0), out(1)) ? 1 : 0;
                };
    }

    /** On how many of x &lt; 0 and x &gt; 0 some unit is on. */
    private int halfLines() {
        boolean left = false;
        boolean right = false;
        for (int i = 0; i < units; i++) {
            left |= in(i)[0] < 0;
            right |= in(i)[0] > 0;
        }
        return (left ? 1 : 0) + (right ? 1 : 0);
    }

    private double[] in(int unit) {
        double[] row = new double[inputs + (bias ? 1 : 0)];
        for (int j = 0; j < inputs; j++) {
            row[j] = instance.weights().get("w1").get(unit * inputs + j);
        }
        if (bias) {
            row[inputs] = instance.weights().get("b1").get(unit);
        }
        return row;
    }

    private double[] out(int unit) {
        double[] out = new double[outputs];
        for (int k = 0; k < out.length; k++) {
            out[k] = instance.weights().get("w2").get(k * units + unit);
        }
        return out;
    }

    private static boolean parallel(double[] a, double[] b) {
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a.length; j++) {
                if (a[i] * b[j] != a[j] * b[i]) {
                    return false;
                }
            }
        }
        return true;
    }
}
