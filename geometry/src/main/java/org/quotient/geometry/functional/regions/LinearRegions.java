package org.quotient.geometry.functional.regions;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.functional.pattern.Degrees;
import org.quotient.geometry.functional.pattern.ExactArithmetic;
import org.quotient.geometry.functional.pattern.ExactValues;
import org.quotient.geometry.functional.pattern.Fingerprints;
import org.quotient.geometry.functional.pattern.Kink;
import org.quotient.geometry.functional.pattern.MaskedNetwork;
import org.quotient.geometry.functional.pattern.Points;

/**
 * All linear regions of a network with one small input, found exactly: polyhedra are cut along the zeros of one argument after the
 * other, in the order in which the network computes them, in whole numbers and without a bounding box.
 *
 * <p>Regions are told apart by their masks. Pieces on which some argument is 0 everywhere although parameters nearby change that are
 * not smooth in θ anywhere, and are left out and counted.
 */
public final class LinearRegions {
    private final MaskedNetwork masked;
    private final Map<String, Tensor> parameters;
    private final Fingerprints fingerprints;
    private final int inputs;
    private final int most;
    private final List<Region> found = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private int rejected;

    private LinearRegions(MaskedNetwork masked, Map<String, Tensor> parameters, int inputs, int most) {
        this.masked = masked;
        this.parameters = parameters;
        this.fingerprints = new Fingerprints(masked);
        this.inputs = inputs;
        this.most = most;
    }

    /**
     * The regions.
     *
     * @param regions each once
     * @param rejected pieces that are nowhere smooth in θ
     */
    public record Found(List<Region> regions, int rejected) {}

    /**
     * Enumerates.
     *
     * @param masked a network with one input, of few elements
     * @param parameters θ in double precision, by name
     * @param most how many regions at most
     * @throws IllegalArgumentException if there are several inputs, or more regions, or something is not piecewise linear in the
     *     input
     */
    public static Found of(MaskedNetwork masked, Map<String, Tensor> parameters, int most) {
        if (masked.inputs().size() != 1) {
            throw new IllegalArgumentException("Regions are enumerated for one input; '"
                    + masked.network().name() + "' has " + masked.inputs().size());
        }
        requireLinear(masked);
        int inputs = masked.inputs().get(0).shape().bind(1).elements();
        LinearRegions search = new LinearRegions(masked, parameters, inputs, most);
        Layer base = search.base();
        for (Cone orthant : Cone.orthants(inputs)) {
            search.cut(0, orthant, base, new ArrayList<>());
        }
        return new Found(List.copyOf(search.found), search.rejected);
    }

    private static void requireLinear(MaskedNetwork masked) {
        List<Expr> targets = new ArrayList<>();
        masked.kinks().stream().map(Kink::argument).forEach(targets::add);
        targets.addAll(masked.values());
        Degrees.firstNotAffine(targets, masked.inputs()).ifPresent(node -> {
            throw new IllegalArgumentException(
                    "Regions are enumerated for networks that are piecewise linear in the input; " + node.describe()
                            + " multiplies or divides values that depend on it");
        });
    }

    /** Values at 0 and the unit points; nodes not found here are in the layer below. */
    private record Layer(Optional<Layer> below, IdentityHashMap<Expr, List<ExactValues>> values) {
        private Optional<List<ExactValues>> find(Expr node) {
            for (Optional<Layer> layer = Optional.of(this);
                    layer.isPresent();
                    layer = layer.get().below()) {
                List<ExactValues> value = layer.get().values().get(node);
                if (value != null) {
                    return Optional.of(value);
                }
            }
            return Optional.empty();
        }

        boolean has(Expr node) {
            return find(node).isPresent();
        }

        List<ExactValues> get(Expr node) {
            return find(node).orElseThrow(() -> new IllegalStateException("No value for " + node.describe()));
        }

        void putEverywhere(Expr node, ExactValues value, int points) {
            values.put(node, java.util.Collections.nCopies(points, value));
        }
    }

    private Layer base() {
        Layer layer = new Layer(Optional.empty(), new IdentityHashMap<>());
        Expr input = masked.inputs().get(0);
        List<ExactValues> points = new ArrayList<>();
        for (int k = 0; k <= inputs; k++) {
            BigFraction[] x = new BigFraction[inputs];
            java.util.Arrays.fill(x, BigFraction.ZERO);
            if (k > 0) {
                x[k - 1] = BigFraction.ONE;
            }
            points.add(ExactValues.constant(input.shape().bind(1), x));
        }
        layer.values().put(input, List.copyOf(points));
        for (Expr parameter : masked.parameters()) {
            Tensor value = java.util.Objects.requireNonNull(parameters.get(Network.nameOf(parameter)));
            layer.putEverywhere(parameter, ExactValues.parameter(value.shape(), value), inputs + 1);
        }
        // What depends on parameters only is the same on all regions.
        for (List<Expr> segment : masked.segments()) {
            for (Expr node : segment) {
                boolean known = node.operands().stream().allMatch(layer.values()::containsKey);
                if (known
                        && !(node.op() instanceof Op.Variable)
                        && !node.shape().isSymbolic()) {
                    List<ExactValues> operands = node.operands().stream()
                            .map(o -> layer.get(o).get(0))
                            .toList();
                    layer.putEverywhere(node, ExactArithmetic.apply(node, operands), inputs + 1);
                }
            }
        }
        return layer;
    }

    private void cut(int k, Cone cone, Layer below, List<double[]> masks) {
        if (k == masked.kinks().size()) {
            add(cone, masks);
            return;
        }
        Layer layer = new Layer(Optional.of(below), new IdentityHashMap<>());
        for (Expr node : masked.segments().get(k)) {
            if (!(node.op() instanceof Op.Variable) && !below.has(node)) {
                layer.values().put(node, apply(node, layer));
            }
        }
        Kink kink = masked.kinks().get(k);
        AffineForms forms = new AffineForms(layer.get(kink.argument()));
        List<Piece> pieces = kink.isSign()
                ? signs(cone, forms, new Place(k, masks))
                : choices(kink, cone, forms, new Place(k, masks));
        for (Piece piece : pieces) {
            Layer next = new Layer(Optional.of(layer), new IdentityHashMap<>());
            Tensor mask = Tensor.of(kink.mask().shape().bind(1), piece.mask());
            next.putEverywhere(kink.mask(), ExactValues.constant(mask.shape(), mask), inputs + 1);
            List<double[]> more = new ArrayList<>(masks);
            more.add(piece.mask());
            cut(k + 1, piece.cone(), next, more);
        }
    }

    private List<ExactValues> apply(Expr node, Layer layer) {
        List<List<ExactValues>> operands =
                node.operands().stream().map(layer::get).toList();
        List<ExactValues> out = new ArrayList<>();
        for (int i = 0; i <= inputs; i++) {
            int point = i;
            out.add(ExactArithmetic.apply(
                    node, operands.stream().map(o -> o.get(point)).toList()));
        }
        return out;
    }

    private void add(Cone cone, List<double[]> masks) {
        StringBuilder key = new StringBuilder();
        for (double[] mask : masks) {
            for (double bit : mask) {
                key.append(bit == 0 ? '0' : '1');
            }
        }
        if (seen.add(key.toString())) {
            if (found.size() >= most) {
                throw new IllegalArgumentException("'" + masked.network().name() + "' has more than " + most
                        + " linear regions; sample points instead, or allow more");
            }
            found.add(new Region(List.copyOf(masks), cone.decisivePoints()));
        }
    }

    /** A kink, and the masks of those before it. */
    private record Place(int kink, List<double[]> masks) {}

    /** Whether two elements agree on a polyhedron whatever the parameters. */
    private boolean same(Place place, Cone cone, int element, int other) {
        Points points = Points.ofFractions(masked.network(), cone.decisivePoints());
        return fingerprints.same(place.kink(), points, place.masks(), element, other);
    }

    private record Piece(Cone cone, double[] mask) {}

    private static boolean isZero(BigInteger[] form) {
        for (BigInteger x : form) {
            if (x.signum() != 0) {
                return false;
            }
        }
        return true;
    }

    private List<Piece> signs(Cone cone, AffineForms forms, Place place) {
        List<Piece> pieces = List.of(new Piece(cone, new double[forms.count()]));
        for (int i = 0; i < forms.count() && !pieces.isEmpty(); i++) {
            BigInteger[] form = forms.form(i, -1);
            if (isZero(form)) {
                if (forms.mayDiffer(i) && !same(place, cone, i, -1)) {
                    rejected += pieces.size();
                    return List.of();
                }
                continue;
            }
            BigInteger[] opposite = negative(form);
            List<Piece> next = new ArrayList<>();
            for (Piece piece : pieces) {
                int at = i;
                piece.cone().where(opposite).ifPresent(c -> next.add(new Piece(c, piece.mask())));
                piece.cone().where(form).ifPresent(c -> {
                    double[] mask = piece.mask().clone();
                    mask[at] = 1;
                    next.add(new Piece(c, mask));
                });
            }
            pieces = next;
        }
        return pieces;
    }

    private static BigInteger[] negative(BigInteger[] form) {
        BigInteger[] out = new BigInteger[form.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = form[i].negate();
        }
        return out;
    }

    private List<Piece> choices(Kink kink, Cone cone, AffineForms forms, Place place) {
        int[] group = kink.groups(kink.mask().shape().bind(1));
        int groups = java.util.Arrays.stream(group).max().orElse(-1) + 1;
        List<Piece> pieces = List.of(new Piece(cone, new double[forms.count()]));
        for (int g = 0; g < groups; g++) {
            List<Piece> next = new ArrayList<>();
            for (Piece piece : pieces) {
                for (int i = 0; i < group.length; i++) {
                    if (group[i] == g && kink.present()[i] == 1) {
                        int at = i;
                        wins(kink, group, i, piece.cone(), forms, place).ifPresent(c -> {
                            double[] mask = piece.mask().clone();
                            mask[at] = 1;
                            next.add(new Piece(c, mask));
                        });
                    }
                }
            }
            pieces = next;
        }
        return pieces;
    }

    /** Where element i is the largest of its group; of elements that are the same function the first counts. */
    private Optional<Cone> wins(Kink kink, int[] group, int i, Cone cone, AffineForms forms, Place place) {
        Cone now = cone;
        for (int j = 0; j < group.length; j++) {
            if (j == i || group[j] != group[i] || kink.present()[j] != 1) {
                continue;
            }
            BigInteger[] form = forms.form(i, j);
            if (isZero(form)) {
                if ((forms.mayDiffer(i) || forms.mayDiffer(j)) && !same(place, cone, i, j)) {
                    rejected++;
                    return Optional.empty();
                }
                if (j < i) {
                    return Optional.empty();
                }
                continue;
            }
            Optional<Cone> part = now.where(form);
            if (part.isEmpty()) {
                return Optional.empty();
            }
            now = part.get();
        }
        return Optional.of(now);
    }
}
