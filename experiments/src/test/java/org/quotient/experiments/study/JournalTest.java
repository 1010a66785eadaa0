package org.quotient.experiments.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quotient.experiments.study.Job.Phase;

@DisplayName("The journal of finished runs")
class JournalTest {
    private static final List<Integer> SETTINGS = List.of(1, 2);

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("runs.jsonl");
    }

    private static Job job(long seed) {
        return new Job("", Phase.FINAL, "balanced", "SGD", 0.1, seed);
    }

    private static Outcome outcome(double loss) {
        return new Outcome(
                3, false, List.of(loss, 1 / 3.0), List.of(new Outcome.Epoch(loss, 0.1, 0.9)), Double.NaN, 0.7, "ab");
    }

    private static Outcome never() {
        throw new AssertionError("a known run was made again");
    }

    @Test
    @DisplayName("a run that is known is not made again, and is the same to the last digit, NaN and infinity too")
    void known() throws IOException {
        Outcome made = Journal.open(file(), SETTINGS).of(job(0), () -> outcome(Double.POSITIVE_INFINITY));
        assertThat(Journal.open(file(), SETTINGS).of(job(0), JournalTest::never))
                .isEqualTo(made);
    }

    @Test
    @DisplayName("a line that was being written when all stopped is dropped, and its run made again")
    void torn() throws IOException {
        Journal journal = Journal.open(file(), SETTINGS);
        journal.of(job(0), () -> outcome(1));
        journal.of(job(1), () -> outcome(2));
        String whole = Files.readString(file());
        for (int cut = whole.indexOf("seed\":1"); cut < whole.length(); cut++) {
            Files.writeString(file(), whole.substring(0, cut));
            Journal again = Journal.open(file(), SETTINGS);
            assertThat(again.entries()).containsExactly(new Entry(job(0), outcome(1)));
            again.of(job(1), () -> outcome(2));
            assertThat(Files.readString(file())).isEqualTo(whole);
        }
    }

    @Test
    @DisplayName("nothing is written before the first run, and what is left of a torn first line is no obstacle")
    void first() throws IOException {
        Journal.open(file(), SETTINGS);
        assertThat(file()).doesNotExist();
        Files.writeString(file(), "{\"settings\":");
        assertThat(Journal.open(file(), SETTINGS).entries()).isEmpty();
    }

    @Test
    @DisplayName("runs of other settings and lines that are no runs are refused, with what to do")
    void others() throws IOException {
        Journal.open(file(), SETTINGS).of(job(0), () -> outcome(1));
        assertThatThrownBy(() -> Journal.open(file(), List.of(3)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("other settings")
                .hasMessageContaining("--fresh");
        String whole = Files.readString(file());
        Files.writeString(file(), whole + "{\"job\":5}\n");
        assertThatThrownBy(() -> Journal.open(file(), SETTINGS)).hasMessageContaining("damaged");
        Files.writeString(file(), "a shopping list");
        assertThatThrownBy(() -> Journal.open(file(), SETTINGS)).hasMessageContaining("other settings");
        assertThat(Files.readString(file())).isEqualTo("a shopping list");
    }
}
