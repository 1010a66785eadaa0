package org.quotient.autodiff.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.kernel.Chain;

class ArenaTest {
    private static final int HEADER = 16;
    private static final int LINE = 64;

    /** Of an array that begins at a multiple of a line, as those of whole regions do. */
    private static int place(Arena.Run run, int width) {
        return (HEADER + run.offset() * width) % LINE;
    }

    private static int length(Object array) {
        return java.lang.reflect.Array.getLength(array);
    }

    @ParameterizedTest
    @EnumSource
    void runsBeginWhereLinesDoAndDoNotMeet(DType dtype) {
        int width = dtype == DType.F64 ? Double.BYTES : Float.BYTES;
        Arena arena = new Arena(dtype);
        int[] sizes = {1, 64, 0, 17, 200_704, 256, 5};
        List<Arena.Run> runs = IntStream.of(sizes).mapToObj(arena::request).toList();
        arena.allocate();

        Object array = runs.getFirst().array();
        int free = 0;
        for (int i = 0; i < sizes.length; i++) {
            assertThat(runs.get(i).array()).isSameAs(array);
            assertThat(place(runs.get(i), width)).isZero();
            assertThat(runs.get(i).offset()).isGreaterThanOrEqualTo(free);
            free = runs.get(i).offset() + sizes[i];
        }
        assertThat(length(array)).isEqualTo(free);
    }

    @Test
    void whatIsTooLargeForOneArrayIsSharedAmongSeveral() {
        Arena arena = new Arena(DType.F64, 100);
        List<Arena.Run> runs =
                Stream.of(40, 40, 40, 1_000, 8).map(arena::request).toList();
        arena.allocate();

        assertThat(runs.get(1).array()).isSameAs(runs.get(0).array());
        assertThat(runs.get(2).array()).isNotSameAs(runs.get(0).array());
        assertThat(runs.get(3).array()).isNotSameAs(runs.get(2).array());
        assertThat(length(runs.get(3).array())).isEqualTo(1_006);
        assertThat(runs.get(4).array()).isNotSameAs(runs.get(3).array());
        assertThat(runs).allMatch(run -> place(run, Double.BYTES) == 0);
    }

    /** Element (i, j) of a 3x4 matrix read by columns from 100: it reads 100 to 111, backwards 89 to 100. */
    @Test
    void aLoadMeetsARunOnlyWhereItReadsIt() {
        List<Integer> sizes = List.of(4, 3);
        Chain.Load columns = new Chain.Load(0, List.of(1, 4));
        assertThat(columns.meets(sizes, 100, 90, 10)).isFalse();
        assertThat(columns.meets(sizes, 100, 90, 11)).isTrue();
        assertThat(columns.meets(sizes, 100, 111, 1)).isTrue();
        assertThat(columns.meets(sizes, 100, 112, 9)).isFalse();
        Chain.Load backwards = new Chain.Load(0, List.of(-1, -4));
        assertThat(backwards.meets(sizes, 100, 101, 9)).isFalse();
        assertThat(backwards.meets(sizes, 100, 80, 9)).isFalse();
        assertThat(backwards.meets(sizes, 100, 80, 10)).isTrue();
        Chain.Load repeated = new Chain.Load(0, List.of(0, 0));
        assertThat(repeated.meets(sizes, 100, 101, 9)).isFalse();
        assertThat(repeated.meets(sizes, 100, 100, 1)).isTrue();
    }
}
