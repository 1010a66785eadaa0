package org.quotient.geometry.functional.attribution;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.field.RowSpace;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.functional.attribution.Units.Unit;
import org.quotient.geometry.functional.jacobian.Subject;
import org.quotient.geometry.functional.pattern.Kink;
import org.quotient.geometry.functional.pattern.Patterns;

/** What units read and whether anything reads them, at some points, modulo a prime. */
final class VisibleImages {
    private final Subject subject;
    private final List<Patterns> points;
    private final Numbers.PrimeField field;
    private final MaskPatterns distinct;
    private final Map<Integer, Bend[]> known = new HashMap<>();
    private final Map<Integer, List<double[]>> sources = new HashMap<>();
    private final Map<Patterns, Map<String, Tensor>> inputs = new IdentityHashMap<>();

    VisibleImages(Subject subject, List<Patterns> points, MaskPatterns distinct, Numbers.PrimeField field) {
        this.subject = subject;
        this.points = points;
        this.distinct = distinct;
        this.field = field;
    }

    /** What is known of a unit's bend. */
    enum Bend {
        /** The function bends there at some place. */
        VISIBLE,
        /** It was met, and the function does not bend. */
        INVISIBLE,
        /** No two neighbouring pieces that differ in it alone were met. */
        UNMET
    }

    /**
     * Whether the function bends where a unit does: at two pieces whose masks differ in an element of this unit alone, so that they
     * lie on both sides of its bend, the derivative of the outputs in that mask is not 0 modulo the prime (in a random direction
     * of the outputs).
     */
    Bend bend(Unit unit) {
        return known.computeIfAbsent(unit.kink(), this::bends)[unit.index()];
    }

    private Bend[] bends(int k) {
        Kink kink = subject.masked().kinks().get(k);
        Bend[] bends = new Bend[Units.channels(kink)];
        java.util.Arrays.fill(bends, Bend.UNMET);
        List<Expr> outputs = subject.masked().values();
        List<Expr> cotangents = new ArrayList<>();
        for (Expr output : outputs) {
            cotangents.add(Expr.input("cotangent " + cotangents.size(), DType.F64, output.shape()));
        }
        Expr gradient =
                Differentiation.vjp(outputs, cotangents, List.of(kink.mask())).get(0);
        int[] channel = Units.channelOf(kink);
        int first = 0;
        for (Patterns part : distinct.representatives()) {
            Map<String, Tensor> all = values(part);
            CounterRandom random = CounterRandom.seeded(k);
            for (int i = 0; i < cotangents.size(); i++) {
                CounterRandom stream = random.split(i);
                all.put(
                        "cotangent " + i,
                        Tensor.fill(
                                cotangents.get(i).shape().bind(part.count()),
                                DType.F64,
                                e -> stream.below(e, field.p())));
            }
            double[] slopes = evaluate(gradient, all, part.count());
            for (int i = 0; i < slopes.length; i++) {
                int unit = channel[i % channel.length];
                if (bends[unit] != Bend.VISIBLE
                        && distinct.hasNeighbour(first + i / channel.length, k, i % channel.length)) {
                    bends[unit] = slopes[i] != 0 ? Bend.VISIBLE : Bend.INVISIBLE;
                }
            }
            first += part.count();
        }
        return bends;
    }

    private double[] evaluate(Expr node, Map<String, Tensor> given, int count) {
        boolean batched = Graph.topological(List.of(node)).stream()
                .anyMatch(n -> n.op() instanceof Op.Variable v && v.shape().isSymbolic());
        return batched
                ? Evaluator.evaluate(List.of(node), given, field).get(0).data()
                : new double[node.shape().bind(count).elements()];
    }

    private Map<String, Tensor> values(Patterns part) {
        return new LinkedHashMap<>(inputs.computeIfAbsent(part, this::residues));
    }

    private Map<String, Tensor> residues(Patterns part) {
        Map<String, Tensor> given = new LinkedHashMap<>(subject.residues(field));
        List<Tensor> inputs = part.points().residues(field);
        for (int i = 0; i < inputs.size(); i++) {
            given.put(Network.nameOf(subject.masked().inputs().get(i)), inputs.get(i));
        }
        for (int k = 0; k < part.masks().size(); k++) {
            given.put(
                    Network.nameOf(subject.masked().kinks().get(k).mask()),
                    part.masks().get(k));
        }
        return given;
    }

    /**
     * Whether the vectors that a unit reads where it is on lie in an affine space of fewer dimensions than they have coordinates. Only for
     * units of dense layers.
     */
    boolean collapsed(Unit unit) {
        Kink kink = subject.masked().kinks().get(unit.kink());
        Optional<Expr> source = source(kink.argument());
        if (source.isEmpty() || kink.mask().shape().rank() != 2) {
            return false;
        }
        int width = source.get().shape().size(1);
        RowSpace space = new RowSpace(field, width + 1);
        List<double[]> reads = sources.computeIfAbsent(
                unit.kink(),
                k -> points.stream()
                        .map(part -> evaluate(source.get(), values(part), part.count()))
                        .toList());
        for (int i = 0; i < points.size(); i++) {
            Patterns part = points.get(i);
            double[] read = reads.get(i);
            double[] mask = part.masks().get(unit.kink()).data();
            int channels = Units.channels(kink);
            double[] row = new double[width + 1];
            for (int n = 0; n < part.count(); n++) {
                if (mask[n * channels + unit.index()] == 1) {
                    System.arraycopy(read, n * width, row, 0, width);
                    row[width] = 1;
                    space.add(row, 1);
                }
            }
        }
        return space.rank() < width + 1;
    }

    /** The vector [N, width] that an argument is a linear function of. */
    private static Optional<Expr> source(Expr argument) {
        Expr node = argument;
        while (true) {
            if (node.op() instanceof Op.Einsum
                    && node.operands().stream().anyMatch(o -> !o.shape().isSymbolic())) {
                Expr read = node.operand(node.operand(0).shape().isSymbolic() ? 0 : 1);
                Shape shape = read.shape();
                return shape.rank() == 2 && shape.size(0) == Shape.N ? Optional.of(read) : Optional.empty();
            }
            Optional<Expr> next = node.operands().stream()
                    .filter(o -> o.shape().isSymbolic()
                            && !(o.op() instanceof Op.Variable)
                            && !(o.op() instanceof Op.Broadcast))
                    .findFirst();
            if (next.isEmpty()) {
                return Optional.empty();
            }
            node = next.get();
        }
    }
}
