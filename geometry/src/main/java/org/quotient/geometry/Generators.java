package org.quotient.geometry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.network.Network;

/** Describes the generators of a group: where each comes from and which parameters it moves. */
public final class Generators {
    private final RescalingGroup group;
    private final ParameterScales scales;
    private final Map<Integer, Integer> position = new HashMap<>();
    private final List<List<Generator.Entry>> incoming = new ArrayList<>();
    private final List<List<Generator.Entry>> outgoing = new ArrayList<>();
    private final Set<Integer> reused = new HashSet<>();

    private Generators(RescalingGroup group) {
        this.group = group;
        this.scales = group.inference().scales;
        for (int k = 0; k < group.rank(); k++) {
            position.put(group.freeUnknowns()[k], k);
            incoming.add(new ArrayList<>());
            outgoing.add(new ArrayList<>());
        }
    }

    /** The generators, in the order of z. */
    public static List<Generator> of(RescalingGroup group) {
        return new Generators(group).list();
    }

    private List<Generator> list() {
        for (int v = 0; v < scales.variables().size(); v++) {
            for (ParameterScales.Addend addend : scales.law(v)) {
                collect(v, addend);
            }
        }
        Map<Integer, EnumSet<Tie>> ties = ties();
        List<Generator> list = new ArrayList<>();
        for (int k = 0; k < group.rank(); k++) {
            int unknown = group.freeUnknowns()[k];
            String kind = kind(
                    k,
                    ties.getOrDefault(k, EnumSet.noneOf(Tie.class)),
                    group.inference().kinds().get(unknown));
            list.add(new Generator(
                    k, kind, group.inference().relations.origin(unknown), incoming.get(k), outgoing.get(k)));
        }
        return list;
    }

    private void collect(int variable, ParameterScales.Addend addend) {
        Expr node = scales.variables().get(variable);
        BlockTensor block = addend.forms();
        boolean buffer = scales.offset(variable) >= scales.trainable();
        boolean explicit = scales.structure(variable) == null;
        for (int i = 0; i < block.ids.length; i++) {
            if (block.ids[i] == 0
                    || (explicit && !buffer && !group.liveness().isLiveOrIdle(scales.offset(variable) + i))) {
                continue;
            }
            LinearForm normal = group.normal(block.ids[i]);
            for (int t = 0; t < normal.terms(); t++) {
                int k = position.getOrDefault(normal.unknownAt(t), -1);
                long exponent = addend.sign() * normal.coefficientAt(t);
                Generator.Entry entry = new Generator.Entry(Network.nameOf(node), pattern(block, i), exponent, buffer);
                (exponent > 0 ? incoming : outgoing).get(k).add(entry);
                if (Math.abs(exponent) > 1 && !buffer) {
                    reused.add(k);
                }
            }
        }
    }

    private static String pattern(BlockTensor block, int i) {
        String[] index = new String[block.extents.length];
        int rest = i;
        for (int axis = index.length - 1; axis >= 0; axis--) {
            boolean all = block.extents[axis] == 1 && block.sizes[axis] != 1;
            index[axis] = all ? ":" : String.valueOf(rest % block.extents[axis]);
            rest /= block.extents[axis];
        }
        return Arrays.toString(index);
    }

    private Map<Integer, EnumSet<Tie>> ties() {
        Map<Integer, EnumSet<Tie>> out = new HashMap<>();
        group.inference().ties().forEach((form, set) -> {
            LinearForm normal = group.normal(form);
            for (int t = 0; t < normal.terms(); t++) {
                out.computeIfAbsent(position.getOrDefault(normal.unknownAt(t), -1), k -> EnumSet.noneOf(Tie.class))
                        .addAll(set);
            }
        });
        return out;
    }

    private String kind(int k, EnumSet<Tie> ties, @Nullable LawKind origin) {
        if (reused.contains(k)) {
            return "reuse";
        }
        if (ties.contains(Tie.NORMALISATION)) {
            return "normalisation";
        }
        if (ties.contains(Tie.ATTENTION)) {
            return "attention";
        }
        if (ties.contains(Tie.GATE)) {
            return "gate";
        }
        if (ties.contains(Tie.POOL)) {
            return "pool group";
        }
        if (ties.contains(Tie.RESIDUAL)) {
            return "residual class";
        }
        return switch (origin) {
            case GAIN -> "normalisation";
            case UNIT -> "unit";
            case CHANNEL -> "channel";
            case POSITION -> "position";
            case SCALE, PARAMETER, POWER -> "scale";
            case null -> "scale";
        };
    }
}
