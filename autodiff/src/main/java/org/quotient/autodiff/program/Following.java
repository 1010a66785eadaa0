package org.quotient.autodiff.program;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.quotient.autodiff.kernel.Kernels;

/**
 * A product and the elementwise passes right after it that go along the rows of what it makes, such as the norms of a layer's
 * units and their scaling, become one instruction: it takes some rows at a time, while they are in the cache.
 */
final class Following {
    private final int rows;
    private final ByRows.Making making;

    /** What is read at other rows than those that are being made. */
    private final Set<Buffer> elsewhere = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Set<Buffer> written = Collections.newSetFromMap(new IdentityHashMap<>());

    private Following(ByRows.Making making) {
        this.making = making;
        this.rows = making.product().m();
        written.add(making.to().buffer());
        elsewhere.add(making.left().buffer());
        elsewhere.add(making.right().buffer());
        for (View factor : Stream.of(making.rows(), making.columns())
                .flatMap(Stream::ofNullable)
                .toList()) {
            elsewhere.add(factor.buffer());
        }
        if (making.squares() != null) {
            written.add(making.squares().buffer());
        }
    }

    /** The same instructions, fewer of them. */
    static List<Instruction> apply(List<Instruction> code) {
        List<Instruction> fewer = new ArrayList<>();
        int i = 0;
        while (i < code.size()) {
            int count = code.get(i).rows() instanceof ByRows.Making making ? follow(making, code, i + 1) : 0;
            fewer.add(count == 0 ? code.get(i) : together(code.subList(i, i + 1 + count)));
            i += 1 + count;
        }
        return fewer;
    }

    /** How many of the instructions from one on can follow a product; the last of them works on what it makes. */
    private static int follow(ByRows.Making making, List<Instruction> code, int from) {
        View to = making.to();
        int m = making.product().m();
        if (!Kernels.of(to.buffer().dtype()).goesByRows(making.product())
                || !to.isDense()
                || to.offset() != 0
                || to.sizes().length == 0
                || to.sizes()[0] != m) {
            return 0;
        }
        Following following = new Following(making);
        int count = 0;
        for (int i = from;
                i < code.size() && code.get(i).rows() instanceof ByRows.Passing pass && following.takes(pass);
                i++) {
            if (pass.reads().stream().anyMatch(v -> v.buffer() == to.buffer())) {
                count = i + 1 - from;
            }
        }
        return count;
    }

    private boolean takes(ByRows.Passing pass) {
        int[] sizes = pass.chain().sizes().stream().mapToInt(Integer::intValue).toArray();
        if (sizes.length == 0
                || sizes[0] != rows
                || pass.writes().stream().anyMatch(v -> elsewhere.contains(v.buffer()))
                || pass.writes().stream()
                        .anyMatch(
                                v -> v.buffer().dtype() != making.to().buffer().dtype())
                || pass.reads().stream().anyMatch(v -> written.contains(v.buffer()) && !isAlongRows(v))) {
            return false;
        }
        pass.reads().stream().filter(v -> !isAlongRows(v)).forEach(v -> elsewhere.add(v.buffer()));
        pass.writes().forEach(v -> written.add(v.buffer()));
        return true;
    }

    /** Whether each row of what is seen lies in that row of its buffer. */
    private boolean isAlongRows(View view) {
        int size = view.buffer().size();
        int[] sizes = view.sizes();
        int[] strides = view.strides();
        if (view.offset() != 0 || size % rows != 0 || strides[0] != size / rows) {
            return false;
        }
        long reach = 0;
        boolean forward = true;
        for (int axis = 1; axis < sizes.length; axis++) {
            reach += (sizes[axis] - 1L) * strides[axis];
            forward &= strides[axis] >= 0;
        }
        return forward && reach < strides[0];
    }

    private static Instruction together(List<Instruction> parts) {
        Instruction first = parts.getFirst();
        List<Instruction> rest = parts.subList(1, parts.size());
        List<ByRows.Passing> passes =
                rest.stream().map(p -> (ByRows.Passing) p.rows()).toList();
        if (!(first.rows() instanceof ByRows.Making making)) {
            throw new IllegalStateException("Not a product: " + first.name());
        }
        List<Buffer> writes =
                parts.stream().flatMap(p -> p.writes().stream()).distinct().toList();
        // What is made on the way and read here only lives no longer than the instruction.
        List<Buffer> reads = parts.stream()
                .flatMap(p -> p.reads().stream())
                .filter(b -> b.kind() != Buffer.Kind.COMPUTED || !writes.contains(b))
                .distinct()
                .toList();
        return new Instruction(
                first.name() + "; by rows "
                        + String.join(", ", rest.stream().map(Instruction::name).toList()),
                first.dtype(),
                reads,
                writes,
                List.of(),
                parts.stream().mapToDouble(Instruction::work).sum(),
                parts.stream().mapToDouble(Instruction::flops).sum(),
                (kernels, temporaries) -> making.bind(kernels, passes, temporaries));
    }
}
