package org.quotient.geometry.criteria;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.ScaleLaw;

/** Scales in forward order: by the first parameter that they multiply, and by place within it. */
final class ForwardOrder {
    private ForwardOrder() {}

    /** The parameters of a network by first use, as positions in its list; those without use are left out. */
    static List<Integer> parameters(RescalingGroup group) {
        List<Expr> parameters = group.network().parameters();
        List<Integer> order = new ArrayList<>();
        Set<Expr> seen = new HashSet<>();
        for (Expr node : Graph.topological(group.network().outputs())) {
            for (Expr operand : node.operands()) {
                int k = parameters.indexOf(operand);
                if (k >= 0 && seen.add(operand)) {
                    order.add(k);
                }
            }
        }
        return order;
    }

    /** The given coordinates in forward order. */
    static int[] scales(RescalingGroup group, Coordinates coordinates, BitSet moving) {
        int[] place = new int[coordinates.count()];
        Arrays.fill(place, Integer.MAX_VALUE);
        int next = 0;
        for (int k : parameters(group)) {
            for (ScaleLaw.Factor factor : group.scaleLaw(k).factors()) {
                for (ScaleLaw.Row row : factor.rows()) {
                    ScaleLaw.Row reduced = coordinates.reduce(row);
                    for (int i = 0; i < reduced.generators().length; i++) {
                        int h = reduced.generators()[i];
                        if (reduced.coefficients()[i] > 0 && place[h] == Integer.MAX_VALUE) {
                            place[h] = next++;
                        }
                    }
                }
            }
        }
        List<Integer> order = new ArrayList<>(moving.stream().boxed().toList());
        order.sort(Comparator.comparingInt(h -> place[h]));
        return order.stream().mapToInt(Integer::intValue).toArray();
    }
}
