package org.quotient.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.autodiff.checks.Checks;
import org.quotient.autodiff.checks.Report;
import org.quotient.autodiff.checks.Subject;

/** First and second derivatives of every operation, in double precision. */
class OpTableTest {

    static Stream<Subject> rows() {
        return OpTable.rows().stream();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void bothModesAgreeWithTheFunctionToSecondOrder(Subject row) {
        Report report = Checks.derivatives(row, 2, 7);
        assertThat(report.failures()).as(() -> "\n" + report).isEmpty();
    }

    /** Whoever adds an operation or a kind of one adds a row. */
    @Test
    void noOperationLacksARow() {
        Set<String> missing = new TreeSet<>();
        for (Class<?> record : operations()) {
            if (!Op.Leaf.class.isAssignableFrom(record)) {
                missing.addAll(variants(record));
            }
        }
        for (Subject row : OpTable.rows()) {
            for (Expr node : Graph.topological(row.outputs())) {
                missing.remove(variant(node.op()));
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void theEnumerationSeesKindsAndRecords() {
        Set<String> all = new TreeSet<>();
        operations().forEach(o -> all.addAll(variants(o)));
        assertThat(all)
                .contains("Unary.RELU", "Conv.KERNEL_ADJOINT", "Pool.MAX_SCATTER", "Scatter", "Custom", "Constant");
        assertThat(all).hasSizeGreaterThan(40);
    }

    private static List<Class<?>> operations() {
        Deque<Class<?>> open = new ArrayDeque<>(List.of(Op.class));
        Set<Class<?>> records = new java.util.LinkedHashSet<>();
        while (!open.isEmpty()) {
            Class<?> type = open.pop();
            if (type.isSealed()) {
                open.addAll(Arrays.asList(type.getPermittedSubclasses()));
            } else {
                records.add(type);
            }
        }
        return List.copyOf(records);
    }

    private static List<String> variants(Class<?> record) {
        return Arrays.stream(record.getRecordComponents())
                .filter(c -> c.getType().isEnum() && c.getType().getEnclosingClass() == Op.class)
                .findFirst()
                .map(c -> Arrays.stream(c.getType().getEnumConstants())
                        .map(k -> record.getSimpleName() + "." + k)
                        .toList())
                .orElse(List.of(record.getSimpleName()));
    }

    private static String variant(Op op) {
        String name = op.getClass().getSimpleName();
        return switch (op) {
            case Op.Unary u -> name + "." + u.kind();
            case Op.Binary b -> name + "." + b.kind();
            case Op.Reduce r -> name + "." + r.kind();
            case Op.Conv c -> name + "." + c.form();
            case Op.Pool p -> name + "." + p.kind();
            default -> name;
        };
    }
}
