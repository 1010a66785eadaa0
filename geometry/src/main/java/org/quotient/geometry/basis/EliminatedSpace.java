package org.quotient.geometry.basis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.RescalingGroup;

/**
 * Coordinates for small networks whose rescalings are not those of a graph, as with weights that every path uses several times:
 * as many elements T as there are generators keep their values, and every other element e has the invariant monomial
 * v_e = w_e·K_e, K_e = Π_{t∈T} w_t^{−c_{e,t}}, with whole exponents from an exact elimination. They are a unimodular basis of the invariant
 * monomials, as basis paths are. Both gauges keep T; there is no skeleton path, so nothing to guard: ∂L/∂v_e = (∂L/∂w_e)/K_e.
 */
public final class EliminatedSpace implements GSpace {
    private final RescalingGroup group;
    private final Skeleton skeleton;
    private final Elimination elimination;
    private final DType dtype;
    private final int total;

    private EliminatedSpace(RescalingGroup group, Skeleton skeleton, Elimination elimination) {
        this.group = group;
        this.skeleton = skeleton;
        this.elimination = elimination;
        this.dtype = parameters().get(0).dtype();
        this.total = parameters().stream().mapToInt(p -> p.shape().elements()).sum();
    }

    static EliminatedSpace of(RescalingGroup group, Skeleton skeleton, String obstacle) {
        return new EliminatedSpace(group, skeleton, Elimination.of(group, skeleton, obstacle));
    }

    private List<Expr> parameters() {
        return group.network().parameters();
    }

    @Override
    public Skeleton skeleton() {
        return skeleton;
    }

    @Override
    public Map<String, Shape> shapes() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        parameters().forEach(p -> shapes.put(Network.nameOf(p), p.shape()));
        return shapes;
    }

    @Override
    public long dimension() {
        long own = 0;
        for (int e = 0; e < total; e++) {
            own += elimination.isOwn(e) ? 1 : 0;
        }
        return own;
    }

    private interface Piece {
        Expr of(Expr parameter, int offset);
    }

    private Map<String, Expr> each(Piece piece) {
        Map<String, Expr> all = new LinkedHashMap<>();
        int offset = 0;
        for (Expr parameter : parameters()) {
            all.put(Network.nameOf(parameter), piece.of(parameter, offset));
            offset += parameter.shape().elements();
        }
        return all;
    }

    @Override
    public Map<String, Expr> support() {
        return each((parameter, offset) ->
                Expr.constant(Tensor.fill(parameter.shape(), dtype, i -> elimination.isOwn(offset + i) ? 1 : 0)));
    }

    private static Expr require(Map<String, Expr> values, Expr parameter) {
        Expr value = values.get(Network.nameOf(parameter));
        if (value == null || !value.shape().equals(parameter.shape())) {
            throw new IllegalArgumentException("Expected an expression of shape " + parameter.shape() + " for '"
                    + Network.nameOf(parameter) + "'; given " + (value == null ? "none" : value.describe()));
        }
        return value;
    }

    /** K of every element, 1 for those without a coordinate, over the parameters one after the other. */
    private Expr factors(Map<String, Expr> weights) {
        List<Expr> flat = new ArrayList<>();
        for (Expr parameter : parameters()) {
            flat.add(require(weights, parameter).reshape(parameter.shape().elements()));
        }
        flat.add(Selections.constant(dtype, 1));
        Expr all = Ops.concat(0, flat);
        return product(all, -1).over(product(all, 1));
    }

    /** Per element the product of the kept elements to the exponents c of one sign. */
    private Expr product(Expr all, int sign) {
        int[] kept = elimination.kept();
        List<int[]> lists = new ArrayList<>();
        int longest = 1;
        for (int e = 0; e < total; e++) {
            List<Integer> list = new ArrayList<>();
            if (elimination.isOwn(e)) {
                long[] exponents = elimination.exponents(e);
                for (int k = 0; k < kept.length; k++) {
                    for (long n = 0; n < sign * exponents[k]; n++) {
                        list.add(kept[k]);
                    }
                }
            }
            lists.add(list.stream().mapToInt(Integer::intValue).toArray());
            longest = Math.max(longest, list.size());
        }
        Expr product = null;
        for (int n = 0; n < longest; n++) {
            int at = n;
            int[] places = lists.stream()
                    .mapToInt(list -> at < list.length ? list[at] : total)
                    .toArray();
            Expr factor = Selections.take(all, places);
            product = product == null ? factor : product.times(factor);
        }
        return java.util.Objects.requireNonNull(product);
    }

    private static Expr part(Expr flat, Expr parameter, int offset) {
        int size = parameter.shape().elements();
        return Ops.reshape(Ops.slice(flat, 0, offset, offset + size), parameter.shape());
    }

    @Override
    public Map<String, Expr> pathValues(Map<String, Expr> weights) {
        Expr factors = factors(weights);
        Map<String, Expr> support = support();
        return each((parameter, offset) -> require(weights, parameter)
                .times(part(factors, parameter, offset))
                .times(require(support, parameter)));
    }

    @Override
    public Map<String, Expr> gradient(Map<String, Expr> weights, Map<String, Expr> gradient) {
        Expr factors = factors(weights);
        Map<String, Expr> support = support();
        return each((parameter, offset) -> require(gradient, parameter)
                .over(part(factors, parameter, offset))
                .times(require(support, parameter)));
    }

    @Override
    public Allocation allocate(Map<String, Expr> weights, Map<String, Expr> step, Gauge gauge, OptionalDouble guard) {
        Expr factors = factors(weights);
        Map<String, Expr> allocated = each((parameter, offset) ->
                require(weights, parameter).plus(require(step, parameter).over(part(factors, parameter, offset))));
        return new Allocation(allocated, Ops.scalar(0, dtype));
    }

    @Override
    public Map<String, Expr> pullback(Map<String, Expr> weights, Map<String, Expr> covector) {
        Map<String, Expr> values = pathValues(weights);
        List<Expr> with = parameters().stream().map(p -> require(weights, p)).toList();
        List<Expr> cotangents =
                parameters().stream().map(p -> require(covector, p)).toList();
        List<Expr> pulled = Differentiation.vjp(List.copyOf(values.values()), cotangents, with);
        Map<String, Expr> result = new LinkedHashMap<>();
        for (int p = 0; p < with.size(); p++) {
            result.put(Network.nameOf(parameters().get(p)), pulled.get(p));
        }
        return result;
    }

    @Override
    public String toString() {
        return "Coordinates that keep the elements " + Arrays.toString(elimination.kept());
    }
}
