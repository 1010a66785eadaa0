package org.quotient.geometry.lifting;

import java.math.BigInteger;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.program.Program;
import org.quotient.autodiff.program.Session;
import org.quotient.geometry.Liveness;

/**
 * The exact number of paths of a network. The sum over paths with all live parameters 1 is evaluated modulo primes just below
 * 2^22, and combined by the Chinese remainder theorem; how many primes that takes is known from its value in floating point. One
 * prime more than needed must change nothing.
 */
final class PathCount {
    private static final int BELOW = 1 << 22;

    private final Expr total;
    private final Map<String, Tensor> values;

    private PathCount(Expr total, Map<String, Tensor> values) {
        this.total = total;
        this.values = values;
    }

    /** The number of paths of a network, of any size. */
    static BigInteger of(Liveness liveness) {
        PathSum sum = PathSum.counting(liveness);
        BitSet live = liveness.live();
        Map<String, Tensor> values = new HashMap<>(sum.fixed());
        Map<Expr, OnesConvolution.Edge> edges = new HashMap<>();
        int offset = 0;
        for (Expr edge : sum.edges()) {
            edges.put(edge, new OnesConvolution.Edge(live, offset));
            offset += edge.shape().elements();
        }
        Expr total = OnesConvolution.narrowed(sum.total(), edges);
        for (Expr edge : Graph.topological(List.of(total))) {
            OnesConvolution.Edge where = edges.get(edge);
            if (where != null) {
                values.put(
                        Network.nameOf(edge),
                        Tensor.fill(edge.shape(), DType.F64, i -> live.get(where.offset() + i) ? 1 : 0));
            }
        }
        return new PathCount(total, values).count();
    }

    private BigInteger count() {
        Map<String, ScaledTensor> wide = new HashMap<>();
        values.forEach((name, value) -> wide.put(name, ScaledTensor.normalised(value, 0)));
        ScaledTensor estimate = WideRange.evaluate(List.of(total), wide).get(0);
        // Sums of what is not negative: the relative error of the estimate is far below 1.
        double bits = Math.max(0, estimate.log(0) / Math.log(2)) + 1;
        BigInteger value = BigInteger.ZERO;
        BigInteger modulus = BigInteger.ONE;
        int p = BELOW;
        while (true) {
            p = primeBelow(p);
            Numbers.PrimeField field = new Numbers.PrimeField(p);
            BigInteger prime = BigInteger.valueOf(p);
            long known = value.mod(prime).longValueExact();
            long inverse = field.inverse(modulus.mod(prime).longValueExact());
            long digit = Math.floorMod(residue(field) - known, (long) p) * inverse % p;
            if (digit == 0 && modulus.bitLength() - 1 >= bits) {
                return value;
            }
            value = value.add(modulus.multiply(BigInteger.valueOf(digit)));
            modulus = modulus.multiply(prime);
        }
    }

    private static int primeBelow(int bound) {
        for (int p = bound - 1; p > 2; p--) {
            if (BigInteger.valueOf(p).isProbablePrime(60)) {
                return p;
            }
        }
        throw new ArithmeticException("The network has more paths than the product of all primes below 2^22");
    }

    private long residue(Numbers.PrimeField field) {
        Program program = Program.builder().output(total).over(field).build();
        try (Session session = program.session()) {
            session.batch(1);
            program.variables().keySet().forEach(name -> session.set(name, Objects.requireNonNull(values.get(name))));
            session.run();
            return (long) session.scalar(0);
        }
    }
}
