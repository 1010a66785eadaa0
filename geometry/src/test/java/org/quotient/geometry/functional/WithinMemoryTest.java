package org.quotient.geometry.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WithinMemoryTest {
    /** What becomes of the rank in a Java of its own with so many MiB. */
    private static int outcome(int mebibytes, String network, int points) throws IOException, InterruptedException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:NewRatio=9",
                        "-Xmx" + mebibytes + "m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WithinMemory.class.getName(),
                        network,
                        Integer.toString(points))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** 720 rows of 13,210 columns, by dense layers; 60 of 2,572 by convolutions, whose values are larger than their rows. */
    @Test
    void whatIsLetThroughFinishesAndTheRestIsRefused() throws IOException, InterruptedException {
        TreeMap<Integer, Integer> dense = new TreeMap<>();
        for (int mebibytes : new int[] {64, 192, 256, 320, 512}) {
            dense.put(mebibytes, outcome(mebibytes, "mlp:20-100-100-10", 72));
        }
        assertThat(dense.values()).isSubsetOf(WithinMemory.FINISHED, WithinMemory.REFUSED);
        assertThat(dense.firstEntry().getValue()).isEqualTo(WithinMemory.REFUSED);
        assertThat(dense.lastEntry().getValue()).isEqualTo(WithinMemory.FINISHED);
        TreeMap<Integer, Integer> images = new TreeMap<>();
        for (int mebibytes : new int[] {48, 160, 512}) {
            images.put(mebibytes, outcome(mebibytes, "densenet-tiny", 6));
        }
        assertThat(images.values()).isSubsetOf(WithinMemory.FINISHED, WithinMemory.REFUSED);
        assertThat(images.lastEntry().getValue()).isEqualTo(WithinMemory.FINISHED);
    }
}
