package org.quotient.geometry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;

/**
 * Whether two weight vectors of one network lie on the same orbit of its rescaling group: signs and zeros agree and
 * log|θ'/θ| = Bz has a solution. Permutations of units and negative scales are other symmetries and are not considered.
 *
 * @param equivalent the verdict
 * @param residual the largest |log|θ'_i/θ_i| − (Bz)_i| over the elements that can be compared
 * @param reason in words, naming the first element that tells the two apart
 * @param logScales z, one number per generator; generators that no nonzero element determines have 0
 * @param compared how many elements were compared
 * @param skipped how many trainable elements were not, because they are dead or idle
 */
public record OrbitEquivalence(
        boolean equivalent, double residual, String reason, double[] logScales, long compared, long skipped) {

    private static final String SCOPE =
            "modulo positive rescaling only: permutations of units and negative scales are not considered";

    /**
     * Compares two points.
     *
     * @param group the network's group
     * @param a θ
     * @param b θ'
     * @param tolerance on the residual, such as 1e-9 in f64
     */
    public static OrbitEquivalence of(RescalingGroup group, Weights a, Weights b, double tolerance) {
        Comparison comparison = new Comparison(group, a, b);
        comparison.solve();
        return comparison.verdict(tolerance);
    }

    /** One comparison under way. */
    private static final class Comparison {
        private final RescalingGroup group;
        private final Weights a;
        private final Weights b;
        private final ParameterScales scales;
        private final java.util.BitSet live;
        private final Map<Integer, Integer> position = new HashMap<>();
        private final double[] z;
        private String mismatch = "";

        Comparison(RescalingGroup group, Weights a, Weights b) {
            this.group = group;
            this.a = a;
            this.b = b;
            this.scales = group.inference().scales;
            this.live = group.liveness().live();
            this.z = new double[group.rank()];
            Arrays.fill(z, Double.NaN);
            for (int k = 0; k < z.length; k++) {
                position.put(group.freeUnknowns()[k], k);
            }
        }

        /** Whether an element takes part: live, or a buffer of a normalisation. */
        private boolean counts(int element) {
            return element >= scales.trainable() || live.get(element);
        }

        private record Row(LinearForm form, double value) {}

        /** Scales follow from rows with one unknown left, again and again; what remains is solved by least squares. */
        void solve() {
            boolean progress = true;
            List<Row> open = new ArrayList<>();
            while (progress) {
                progress = false;
                open.clear();
                for (int v = 0; v < scales.variables().size(); v++) {
                    progress |= scan(v, open);
                }
            }
            leastSquares(open);
            for (int k = 0; k < z.length; k++) {
                z[k] = Double.isNaN(z[k]) ? 0 : z[k];
            }
        }

        private boolean scan(int variable, List<Row> open) {
            Expr node = scales.variables().get(variable);
            Tensor x = a.get(node);
            Tensor y = b.get(node);
            int[] representative = representatives(variable, x, y);
            LinearForm[] forms = group.blockRows(variable, i -> representative[i] >= 0);
            boolean progress = false;
            for (int i = 0; i < forms.length; i++) {
                if (!forms[i].isZero()) {
                    int at = representative[i];
                    double value = Math.log(Math.abs(y.get(at) / x.get(at)));
                    progress |= use(forms[i], value, open);
                }
            }
            return progress;
        }

        /** For each block of equal scale, one element that both points have nonzero, or −1. */
        private int[] representatives(int variable, Tensor x, Tensor y) {
            int[] sizes = BlockTensor.sizesOf(x.shape());
            BlockTensor blocks = BlockTensor.filled(sizes, group.blockExtents(variable), -1);
            int offset = scales.offset(variable);
            BlockTensor.walk(sizes, blocks.strides(), 0, (i, at) -> {
                if (blocks.ids[at] < 0 && x.get(i) != 0 && y.get(i) != 0 && counts(offset + i)) {
                    blocks.ids[at] = i;
                }
            });
            return blocks.ids;
        }

        private boolean use(LinearForm form, double value, List<Row> open) {
            double rest = value;
            int unsolved = -1;
            long coefficient = 0;
            for (int k = 0; k < form.terms(); k++) {
                int generator = position.getOrDefault(form.unknownAt(k), -1);
                if (Double.isNaN(z[generator])) {
                    if (unsolved >= 0) {
                        open.add(new Row(form, value));
                        return false;
                    }
                    unsolved = generator;
                    coefficient = form.coefficientAt(k);
                } else {
                    rest -= form.coefficientAt(k) * z[generator];
                }
            }
            if (unsolved < 0) {
                return false;
            }
            z[unsolved] = rest / coefficient;
            return true;
        }

        private void leastSquares(List<Row> open) {
            Map<Integer, Integer> columns = new HashMap<>();
            for (Row row : open) {
                for (int k = 0; k < row.form().terms(); k++) {
                    int generator = position.getOrDefault(row.form().unknownAt(k), -1);
                    if (Double.isNaN(z[generator])) {
                        columns.putIfAbsent(generator, columns.size());
                    }
                }
            }
            int n = columns.size();
            if (n == 0) {
                return;
            }
            DMatrixRMaj normal = new DMatrixRMaj(n, n);
            DMatrixRMaj right = new DMatrixRMaj(n, 1);
            for (Row row : open) {
                double rest = row.value();
                double[] entries = new double[n];
                for (int k = 0; k < row.form().terms(); k++) {
                    int generator = position.getOrDefault(row.form().unknownAt(k), -1);
                    Integer column = columns.get(generator);
                    if (column == null) {
                        rest -= row.form().coefficientAt(k) * z[generator];
                    } else {
                        entries[column] += row.form().coefficientAt(k);
                    }
                }
                for (int i = 0; i < n; i++) {
                    if (entries[i] != 0) {
                        right.add(i, 0, entries[i] * rest);
                        for (int j = 0; j < n; j++) {
                            normal.add(i, j, entries[i] * entries[j]);
                        }
                    }
                }
            }
            var solver = LinearSolverFactory_DDRM.pseudoInverse(true);
            DMatrixRMaj solution = new DMatrixRMaj(n, 1);
            if (solver.setA(normal)) {
                solver.solve(right, solution);
                columns.forEach((generator, column) -> z[generator] = solution.get(column, 0));
            }
        }

        OrbitEquivalence verdict(double tolerance) {
            Map<String, double[]> logs = group.logScales(z);
            double residual = 0;
            String worst = "";
            long compared = 0;
            for (int v = 0; v < scales.variables().size(); v++) {
                Expr node = scales.variables().get(v);
                String name = Network.nameOf(node);
                Tensor x = a.get(node);
                Tensor y = b.get(node);
                double[] log = logs.getOrDefault(name, new double[x.size()]);
                for (int i = 0; i < x.size(); i++) {
                    if (!counts(scales.offset(v) + i)) {
                        continue;
                    }
                    compared++;
                    if (Math.signum(x.get(i)) != Math.signum(y.get(i))) {
                        note(name, node, i, x.get(i), y.get(i));
                    } else if (x.get(i) != 0) {
                        double gap = Math.abs(Math.log(Math.abs(y.get(i) / x.get(i))) - log[i]);
                        if (!(gap <= residual)) {
                            residual = gap;
                            worst = place(name, node, i);
                        }
                    }
                }
            }
            long skipped = scales.trainable() - live.cardinality();
            String dead = skipped == 0 ? "" : "; " + skipped + " dead or idle parameters not compared";
            boolean close = residual <= tolerance;
            String reason = !mismatch.isEmpty()
                    ? mismatch
                    : close
                            ? "the rescaling z maps one onto the other"
                            : "no rescaling: " + worst + " is off by a factor of exp(" + residual + ")";
            return new OrbitEquivalence(
                    close && mismatch.isEmpty(), residual, reason + " (" + SCOPE + dead + ")", z, compared, skipped);
        }

        private void note(String name, Expr node, int i, double x, double y) {
            if (mismatch.isEmpty()) {
                boolean zero = x == 0 || y == 0;
                mismatch = (zero ? "the zero patterns differ at " : "the signs differ at ") + place(name, node, i)
                        + ": " + x + " and " + y;
            }
        }

        private static String place(String name, Expr node, int i) {
            int[] sizes = node.shape().sizes();
            int[] index = new int[sizes.length];
            int rest = i;
            for (int k = sizes.length - 1; k >= 0; k--) {
                index[k] = rest % sizes[k];
                rest /= sizes[k];
            }
            return name + Arrays.toString(index);
        }
    }
}
