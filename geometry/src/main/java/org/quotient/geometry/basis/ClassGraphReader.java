package org.quotient.geometry.basis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.ScaleLaw;

/** Reads the class graph off the rows of B, or says why they are not those of a graph. */
final class ClassGraphReader {
    /**
     * What was found.
     *
     * @param graph the graph, or null
     * @param obstacle why there is none; empty if there is
     */
    record Reading(@Nullable ClassGraph graph, String obstacle) {}

    private final RescalingGroup group;
    private final int classes;
    private final BitSet live;
    private final int[] offsets;
    private final Orientation orientation;
    /** Per parameter its rows, as up to two signed generators per block: +(g + 1) or −(g + 1), 0 for none. */
    private final List<List<Block>> rows = new ArrayList<>();

    /** One addend of a parameter's rows, one signed generator per block. */
    private record Block(int[] extents, int[] signed) {}

    private ClassGraphReader(RescalingGroup group) {
        this.group = group;
        this.classes = group.rank();
        this.live = group.liveness().live();
        this.orientation = new Orientation(classes);
        List<Expr> parameters = group.network().parameters();
        offsets = new int[parameters.size() + 1];
        for (int p = 0; p < parameters.size(); p++) {
            offsets[p + 1] = Math.addExact(offsets[p], parameters.get(p).shape().elements());
        }
    }

    /** Reads a group. */
    static Reading read(RescalingGroup group) {
        return new ClassGraphReader(group).run();
    }

    private Reading run() {
        for (int p = 0; p + 1 < offsets.length; p++) {
            String obstacle = relate(p);
            if (!obstacle.isEmpty()) {
                return new Reading(null, "'" + nameOf(p) + "' " + obstacle);
            }
        }
        List<Ends> heads = new ArrayList<>();
        List<Ends> tails = new ArrayList<>();
        for (int p = 0; p + 1 < offsets.length; p++) {
            heads.add(ends(p, 1));
            tails.add(ends(p, -1));
        }
        BitSet into = new BitSet();
        BitSet outOf = new BitSet();
        for (int p = 0; p + 1 < offsets.length; p++) {
            mark(p, heads.get(p), into);
            mark(p, tails.get(p), outOf);
        }
        if (orientation.settled(into, outOf)) {
            return graph(heads, tails, outOf);
        }
        // Turning components around changes heads and tails, not the relations.
        rows.clear();
        return run();
    }

    private Reading graph(List<Ends> heads, List<Ends> tails, BitSet outOf) {
        BitSet exits = removed();
        exits.andNot(closure(tails, heads, new BitSet()));
        BitSet sinks = (BitSet) exits.clone();
        sinks.andNot(outOf);
        BitSet reached = closure(heads, tails, new BitSet());
        reached.and(closure(tails, heads, exits));
        int missing = reached.nextClearBit(0);
        if (missing < classes) {
            return new Reading(null, "no path of parameter elements leads through generator " + missing);
        }
        return new Reading(new ClassGraph(group, offsets, heads, tails, live, exits, sinks), "");
    }

    /** The classes whose scale an operation removes. */
    private BitSet removed() {
        BitSet removed = new BitSet();
        for (ScaleLaw.Row row : group.removedScales()) {
            if (isUnit(row) && row.coefficients()[0] == orientation.sign(row.generators()[0])) {
                removed.set(row.generators()[0]);
            }
        }
        return removed;
    }

    /** The classes that live edges connect to the ground or to given ones, in the direction from far to near ends. */
    private BitSet closure(List<Ends> near, List<Ends> far, BitSet given) {
        BitSet reached = (BitSet) given.clone();
        reached.set(classes);
        int before = -1;
        while (reached.cardinality() != before) {
            before = reached.cardinality();
            for (int p = 0; p + 1 < offsets.length; p++) {
                int from = live.nextSetBit(offsets[p]);
                boolean known = Arrays.stream(near.get(p).ids()).allMatch(reached::get);
                if (known || from < 0 || from >= offsets[p + 1]) {
                    continue;
                }
                int[] to = near.get(p).expand();
                int[] by = far.get(p).expand();
                for (int e = from; e >= 0 && e < offsets[p + 1]; e = live.nextSetBit(e + 1)) {
                    if (reached.get(by[e - offsets[p]])) {
                        reached.set(to[e - offsets[p]]);
                    }
                }
            }
        }
        return reached;
    }

    private void mark(int p, Ends ends, BitSet into) {
        int from = live.nextSetBit(offsets[p]);
        if (from < 0 || from >= offsets[p + 1]) {
            return;
        }
        int[] all = ends.expand();
        for (int e = from; e >= 0 && e < offsets[p + 1]; e = live.nextSetBit(e + 1)) {
            into.set(all[e - offsets[p]]);
        }
    }

    private String nameOf(int p) {
        return Network.nameOf(group.network().parameters().get(p));
    }

    /** Reads the rows of a parameter and relates the orientations of the generators in each; says what is wrong. */
    private String relate(int p) {
        ScaleLaw law = group.scaleLaw(p);
        int[] sizes = law.sizes().stream().mapToInt(Integer::intValue).toArray();
        List<Block> blocks = new ArrayList<>();
        boolean simple = true;
        for (ScaleLaw.Factor factor : law.factors()) {
            simple &= factor.rows().stream().allMatch(r -> r.isZero() || isUnit(r));
            if (simple && !factor.isZero()) {
                int[] extents =
                        factor.extents().stream().mapToInt(Integer::intValue).toArray();
                int[] signed = factor.rows().stream()
                        .mapToInt(r -> r.isZero() ? 0 : (int) r.coefficients()[0] * (r.generators()[0] + 1))
                        .toArray();
                blocks.add(new Block(extents, signed));
            }
        }
        if (!simple || blocks.size() > 2) {
            blocks.clear();
            String obstacle = explicit(p, sizes, blocks);
            if (!obstacle.isEmpty()) {
                return obstacle;
            }
        }
        rows.add(blocks);
        if (blocks.size() == 2) {
            int[] first = expand(sizes, blocks.get(0));
            int[] second = expand(sizes, blocks.get(1));
            for (int e = live.nextSetBit(offsets[p]); e >= 0 && e < offsets[p + 1]; e = live.nextSetBit(e + 1)) {
                int a = first[e - offsets[p]];
                int b = second[e - offsets[p]];
                if (a != 0 && b != 0 && !orientation.relate(Math.abs(a) - 1, Math.abs(b) - 1, (a > 0) != (b > 0))) {
                    return "has elements multiplied by the scales of two classes at once" + rowText(p, e);
                }
            }
        }
        return "";
    }

    private static boolean isUnit(ScaleLaw.Row row) {
        return row.generators().length == 1 && Math.abs(row.coefficients()[0]) == 1;
    }

    /** The rows element by element, for laws whose addends are no single generators. */
    private String explicit(int p, int[] sizes, List<Block> blocks) {
        int[] first = new int[offsets[p + 1] - offsets[p]];
        int[] second = new int[first.length];
        for (int e = live.nextSetBit(offsets[p]); e >= 0 && e < offsets[p + 1]; e = live.nextSetBit(e + 1)) {
            int at = e - offsets[p];
            for (var entry : group.row(e).entrySet()) {
                int signed = (int) (entry.getValue() * (entry.getKey() + 1));
                if (Math.abs(entry.getValue()) != 1 || second[at] != 0) {
                    return "has rows of B that are no edge between two classes" + rowText(p, e);
                }
                if (first[at] == 0) {
                    first[at] = signed;
                } else {
                    second[at] = signed;
                }
            }
        }
        blocks.add(new Block(sizes, first));
        blocks.add(new Block(sizes, second));
        return "";
    }

    private String rowText(int p, int element) {
        StringBuilder text = new StringBuilder(", such as element " + (element - offsets[p]) + " with");
        group.row(element)
                .forEach((g, c) -> text.append(c < 0 ? " - " : " + ")
                        .append(Math.abs(c) == 1 ? "" : Math.abs(c) + "*")
                        .append('z')
                        .append(g));
        return text.toString();
    }

    private static int[] expand(int[] sizes, Block block) {
        return new Ends(sizes, block.extents(), block.signed(), 0).expand();
    }

    /** The heads (side 1) or tails (side −1) of a parameter under the orientation found. */
    private Ends ends(int p, int side) {
        int[] sizes = group.network().parameters().get(p).shape().sizes();
        List<int[]> found = new ArrayList<>();
        List<Block> kept = new ArrayList<>();
        for (Block block : rows.get(p)) {
            int[] ids = new int[block.signed().length];
            boolean any = false;
            for (int i = 0; i < ids.length; i++) {
                int signed = block.signed()[i];
                int generator = Math.abs(signed) - 1;
                boolean here = signed != 0 && Integer.signum(signed) * orientation.sign(generator) == side;
                ids[i] = here ? generator : classes;
                any |= here;
            }
            if (any) {
                found.add(ids);
                kept.add(block);
            }
        }
        if (found.isEmpty()) {
            return Ends.grounded(sizes, classes);
        }
        Ends first = new Ends(sizes, kept.get(0).extents(), found.get(0), classes);
        if (found.size() == 1) {
            return first;
        }
        int[] all = first.expand();
        int[] others = new Ends(sizes, kept.get(1).extents(), found.get(1), classes).expand();
        for (int i = 0; i < all.length; i++) {
            all[i] = Math.min(all[i], others[i]);
        }
        return new Ends(sizes, sizes, all, classes);
    }
}
