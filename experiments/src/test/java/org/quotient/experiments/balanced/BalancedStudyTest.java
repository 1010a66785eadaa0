package org.quotient.experiments.balanced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.experiments.balanced.BalancedStudy.Results;
import org.quotient.experiments.balanced.BalancedStudy.Settings;
import org.quotient.experiments.balanced.Start.Unbalance;
import org.quotient.experiments.study.Entry;
import org.quotient.experiments.study.Journal;
import org.quotient.experiments.study.Method;
import org.quotient.geometry.RescalingGroup;

@DisplayName("Balanced and unbalanced starts")
class BalancedStudyTest {
    @TempDir
    private Path folder;

    private static Results run(Settings settings, Journal journal) throws IOException {
        return BalancedStudy.run(settings, Optional.empty(), journal, () -> {});
    }

    @Test
    @DisplayName("of one function invariant updates make the same curves, by powers of two bit for bit; SGD does not")
    void invariance() throws IOException {
        Settings settings = Settings.quick();
        Results results = run(settings, Journal.inMemory());
        for (Method method : settings.methods()) {
            double rate = results.choice(method, Start.BALANCED).rate();
            for (int seed = 0; seed < settings.seeds().size(); seed++) {
                Entry balanced = results.runs(method, Start.BALANCED, rate).get(seed);
                Entry unbalanced = results.runs(method, Start.UNBALANCED, rate).get(seed);
                Entry binary = results.runs(method, Start.POWERS_OF_TWO, rate).get(seed);
                double difference = balanced.outcome().difference(unbalanced.outcome());
                if (method.update().law().isInvariant()) {
                    assertThat(difference).as(method.name()).isLessThan(1e-9);
                    assertThat(binary.outcome()).as(method.name()).isEqualTo(balanced.outcome());
                } else {
                    assertThat(difference).as(method.name()).isGreaterThan(0.01);
                    assertThat(binary.outcome().bits())
                            .isNotEqualTo(balanced.outcome().bits());
                }
                double first = balanced.outcome().losses().getFirst();
                assertThat(Math.abs(unbalanced.outcome().losses().getFirst() - first))
                        .isLessThan(1e-12);
            }
        }
    }

    @Test
    @DisplayName("the three starts are one function: to rounding, and bit for bit if scales are powers of two")
    void oneFunction() {
        Model drawn = BuiltIns.network("mlp:5-40-40-3").model(3);
        RescalingGroup group = RescalingGroup.of(drawn.network());
        Unbalance unbalance = new Unbalance(0.25, 10, 1);
        List<Tensor> x = List.of(Tensor.fill(Shape.of(4, 5), DType.F64, i -> Math.sin(i + 1.0)));
        Tensor y = drawn.evaluate(x).getFirst();
        Tensor far = drawn.at(Start.UNBALANCED.of(group, drawn.weights(), unbalance, 0))
                .evaluate(x)
                .getFirst();
        Tensor binary = drawn.at(Start.POWERS_OF_TWO.of(group, drawn.weights(), unbalance, 0))
                .evaluate(x)
                .getFirst();
        assertThat(binary.sameBits(y)).isTrue();
        for (int i = 0; i < y.size(); i++) {
            assertThat(Math.abs(far.get(i) - y.get(i))).isLessThan(1e-12);
        }
        double[] z = unbalance.logScales(10_000, 0);
        double[] moved = java.util.Arrays.stream(z).filter(s -> s != 0).toArray();
        assertThat(moved.length / 10_000.0).isBetween(0.23, 0.27);
        assertThat(java.util.Arrays.stream(moved).average().orElseThrow())
                .isBetween(Math.log(10) - 0.1, Math.log(10) + 0.1);
    }

    @Test
    @DisplayName("a study that was interrupted at any run ends with the numbers of one that was not")
    void resumes() throws IOException {
        Settings quick = Settings.quick();
        Settings settings = new Settings(
                quick.data(),
                quick.hidden(),
                quick.dtype(),
                quick.batch(),
                1,
                1,
                quick.unbalance(),
                quick.methods().subList(0, 2),
                quick.choosing(),
                quick.seeds());
        Path whole = folder.resolve("whole.jsonl");
        AtomicInteger steps = new AtomicInteger();
        Results expected =
                BalancedStudy.run(settings, Optional.empty(), Journal.open(whole, settings), steps::incrementAndGet);
        assertThat(steps).hasValue((int) settings.runs());
        String text = Files.readString(whole);
        for (int cut : new int[] {text.length() / 4, text.length() / 2, text.length() - 1}) {
            Path part = folder.resolve("part.jsonl");
            Files.writeString(part, text.substring(0, cut));
            Results resumed = run(settings, Journal.open(part, settings));
            assertThat(resumed).isEqualTo(expected);
            assertThat(Files.readString(part)).isEqualTo(text);
        }
    }
}
