package org.quotient.cli;

import java.io.Console;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import org.quotient.geometry.functional.SearchListener;

/** A bar on standard error for a growing rank, on a terminal only. */
final class RankProgress implements SearchListener, AutoCloseable {
    private final @Nullable ProgressBar bar;

    /**
     * Begins.
     *
     * @param bound which the rank may reach
     */
    RankProgress(long bound) {
        Console console = System.console();
        bar = console == null || !console.isTerminal()
                ? null
                : new ProgressBarBuilder()
                        .setTaskName("rank")
                        .setInitialMax(bound)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setConsumer(new ConsoleProgressBarConsumer(System.err))
                        .build();
    }

    @Override
    public void progress(long points, int rank, int upper) {
        if (bar != null) {
            bar.maxHint(upper);
            bar.stepTo(rank);
            bar.setExtraMessage(" " + Table.count(points) + " points");
        }
    }

    @Override
    public void phase(String what) {
        if (bar != null) {
            bar.setExtraMessage(" " + what);
            bar.refresh();
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
