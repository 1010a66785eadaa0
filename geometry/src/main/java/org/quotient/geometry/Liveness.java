package org.quotient.geometry;

import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.paths.ConfirmedDegrees;
import org.quotient.geometry.paths.PathGraph;

/**
 * Which elements of a network's tensors lie on a path of its path graph: not a structural zero seen from the inputs, and
 * felt by an output or by the input of an operation that cuts the graph. Idle parameters, and those that the caller removes,
 * count as absent.
 */
public final class Liveness {
    private final Network network;
    private final List<Expr> order;
    private final Map<Expr, BlockTensor> masks;
    private final Map<Expr, BlockTensor> structural;
    private final BitSet idle;
    private final BitSet live;
    private final BitSet felt;
    private final BitSet removed;
    private final int parameters;

    private Liveness(
            Network network,
            List<Expr> order,
            Map<Expr, BlockTensor> masks,
            Map<Expr, BlockTensor> structural,
            BitSet idle,
            BitSet live,
            BitSet felt,
            BitSet removed,
            int parameters) {
        this.network = network;
        this.order = order;
        this.masks = masks;
        this.structural = structural;
        this.idle = idle;
        this.live = live;
        this.felt = felt;
        this.removed = removed;
        this.parameters = parameters;
    }

    /** The live elements of a network, all parameters taken as nonzero. */
    public static Liveness of(Network network) {
        return of(network, new BitSet());
    }

    /**
     * The live elements when some parameter elements are fixed at zero. Operations that cut the path graph keep the sinks that
     * they have without zeros: what lies behind a cut does not change the paths before it.
     *
     * @param network the network
     * @param removed indices of the zero elements (the network's parameters one after the other, row-major)
     */
    public static Liveness of(Network network, BitSet removed) {
        List<Expr> order = Graph.topological(network.outputs());
        BitSet idle = Idle.parameters(network, order);
        int total = network.parameters().stream()
                .mapToInt(p -> p.shape().elements())
                .reduce(0, Math::addExact);
        LivenessForward forward = new LivenessForward(network, removed, idle);
        for (Expr node : order) {
            forward.visit(node);
        }
        Map<Expr, BlockTensor> structural = removed.isEmpty() ? Map.of() : of(network).masks;
        LivenessBackward backward = new LivenessBackward(forward.masks(), structural);
        for (Expr output : network.outputs()) {
            backward.require(output, BlockTensor.uniform(BlockTensor.sizesOf(output.shape()), 1));
        }
        for (int i = order.size() - 1; i >= 0; i--) {
            backward.visit(order.get(i));
        }
        Map<Expr, BlockTensor> masks = new IdentityHashMap<>();
        for (Expr node : order) {
            masks.put(node, Masks.and(forward.mask(node), backward.mask(node)).compress());
        }
        Map<Expr, BlockTensor> felt = new IdentityHashMap<>();
        network.parameters().stream().filter(masks::containsKey).forEach(p -> felt.put(p, backward.mask(p)));
        return new Liveness(
                network,
                order,
                masks,
                removed.isEmpty() ? masks : structural,
                idle,
                bits(network, masks),
                bits(network, felt),
                (BitSet) removed.clone(),
                total);
    }

    private static BitSet bits(Network network, Map<Expr, BlockTensor> masks) {
        BitSet live = new BitSet();
        int offset = 0;
        for (Expr parameter : network.parameters()) {
            int size = parameter.shape().elements();
            BlockTensor mask = masks.get(parameter);
            if (mask != null && mask.isUniform()) {
                live.set(offset, offset + (mask.ids[0] == 1 ? size : 0));
            } else if (mask != null) {
                int[] bits = mask.expandAll().ids;
                for (int i = 0; i < size; i++) {
                    live.set(offset + i, bits[i] == 1);
                }
            }
            offset += size;
        }
        return live;
    }

    /** The network. */
    public Network network() {
        return network;
    }

    /** The nodes that the outputs need, operands first. */
    List<Expr> order() {
        return order;
    }

    /** 1 where an element of the node is live. */
    BlockTensor mask(Expr node) {
        BlockTensor mask = masks.get(node);
        if (mask == null) {
            throw new IllegalStateException("No liveness for " + node.describe());
        }
        return mask;
    }

    /**
     * Where an operand of an operation that cuts the graph is read by a result that is felt (when no parameter is zero), and
     * is present itself: there paths end.
     *
     * @param node a cut, a normalisation or a PReLU
     * @param i which operand
     */
    BlockTensor sinks(Expr node, int i) {
        BlockTensor felt = structural.get(node);
        if (felt == null) {
            throw new IllegalStateException("No liveness for " + node.describe());
        }
        BlockTensor read = switch (node.op()) {
            case Op.Softmax s -> Masks.anyAlong(felt, List.of(s.axis()));
            case Op.Standardise s -> Masks.anyAlong(felt, s.axes());
            case Op.StandardiseWith s -> i == 0 ? Masks.anyAlong(felt, s.axes()) : Masks.any(felt, s.axes());
            case Op.Custom c ->
                Masks.uniform(BlockTensor.sizesOf(node.operand(i).shape()), !Masks.none(felt));
            default -> felt;
        };
        return Masks.and(read, mask(node.operand(i)));
    }

    /**
     * Where paths end at an operand of an operation that cuts the graph: 1 where it is read by a result that is felt and is no
     * structural zero, else 0.
     *
     * @param node an operation that the outputs need
     * @param i which operand
     * @return of the operand's shape, for one sample
     */
    public Tensor sinkMask(Expr node, int i) {
        int[] bits = sinks(node, i).expandAll().ids;
        return Tensor.fill(node.operand(i).shape().bind(1), DType.F64, k -> bits[k]);
    }

    /** Whether an element's block has any live element. */
    boolean anyLive(Expr node) {
        for (int id : mask(node).ids) {
            if (id == 1) {
                return true;
            }
        }
        return false;
    }

    /** The live parameter elements, as indices into the parameters one after the other, row-major; a copy. */
    public BitSet live() {
        return (BitSet) live.clone();
    }

    /** The idle parameter elements: their only effect is a shift that the next operation removes; a copy. */
    public BitSet idle() {
        return (BitSet) idle.clone();
    }

    /** Whether a parameter element is live, or idle and so carried along. */
    boolean isLiveOrIdle(int element) {
        return live.get(element) || idle.get(element);
    }

    /** The scalar paths that this liveness is about: without idle and removed parameters. */
    PathGraph paths() {
        PathGraph all = PathGraph.of(network, idle);
        return removed.isEmpty() ? all : all.without(removed);
    }

    /** The number of live parameter elements. */
    public long liveCount() {
        return live.cardinality();
    }

    /**
     * The parameter elements that would be felt if they alone were not zero: every other factor on some path is present.
     * For an element that is present this is the same as live.
     */
    BitSet felt() {
        BitSet out = (BitSet) felt.clone();
        out.andNot(idle);
        return out;
    }

    /** The number of idle parameter elements. */
    public long idleCount() {
        return idle.cardinality();
    }

    /** The number of parameter elements that are neither live nor idle. */
    public long deadCount() {
        return parameters - liveCount() - idleCount();
    }

    /** Whether a node is a leaky ReLU with a slope operand. */
    static boolean isPrelu(Expr node) {
        return node.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.PRELU;
    }

    /** Whether an operation cuts the path graph: it is not positively homogeneous of any degree in some operand. */
    static boolean cuts(Expr node) {
        return switch (node.op()) {
            case Op.Unary u ->
                switch (u.kind()) {
                    case EXP, LOG, TANH, SIGMOID, SOFTPLUS, ERF, STEP -> true;
                    case NEG, SQRT, ABS, RELU, DETACH -> false;
                };
            case Op.Binary b ->
                b.kind() == Op.BinaryKind.POW && Homogeneity.exponent(node).isEmpty();
            case Op.Reduce r -> r.kind() == Op.ReduceKind.FIRST_MAX;
            case Op.Normalise n -> true;
            case Op.Custom c -> ConfirmedDegrees.of(node).isEmpty();
            default -> false;
        };
    }
}
