package org.quotient.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import org.quotient.interop.FileReason;
import org.quotient.optimizers.training.Progress;
import org.quotient.optimizers.training.Run;
import org.quotient.optimizers.training.Trainer;

/**
 * Follows a training: a bar on a terminal, a line of the log per epoch, checkpoints; and an interrupt, which stores the progress first
 * and says where the training stopped and how to go on.
 */
final class TrainWatch implements Trainer.Listener, AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;

    private final @Nullable Path log;
    private final @Nullable Path checkpoint;
    private final Consumer<Progress> store;
    private final Function<Progress.Epoch, String> line;
    private final boolean validation;
    private final int stepsPerEpoch;
    private final long steps;
    private final int every;
    private final @Nullable ProgressBar bar;
    private final CountDownLatch stored = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupted);
    private volatile boolean stop;
    private volatile long reached;
    private volatile long kept;

    /**
     * Begins to follow.
     *
     * @param log to which a line per epoch is added; null for none
     * @param checkpoint the file that {@code store} writes; null if it writes none
     * @param store writes the checkpoint
     * @param line of the log for an epoch, ended
     * @param from where the training begins
     * @param validation whether scores are of a validation part, not of the test part
     * @param every a checkpoint is written every so many steps; null for each epoch
     */
    TrainWatch(
            @Nullable Path log,
            @Nullable Path checkpoint,
            Consumer<Progress> store,
            Function<Progress.Epoch, String> line,
            Trainer trainer,
            Progress from,
            boolean validation,
            @Nullable Integer every) {
        this.log = log;
        this.checkpoint = checkpoint;
        this.store = store;
        this.line = line;
        this.validation = validation;
        this.stepsPerEpoch = trainer.stepsPerEpoch();
        this.steps = trainer.steps();
        this.every = every == null ? stepsPerEpoch : every;
        this.reached = from.state().steps();
        this.kept = reached;
        Console console = System.console();
        bar = console == null || !console.isTerminal()
                ? null
                : new ProgressBarBuilder()
                        .setTaskName("train")
                        .setInitialMax(steps)
                        .startsFrom(reached, Duration.ZERO)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setConsumer(new ConsoleProgressBarConsumer(System.err))
                        .build();
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** On the way out: the next step stores the progress, then the machine may stop. */
    private void interrupted() {
        stop = true;
        try {
            boolean inTime = checkpoint != null && stored.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            // Training goes on for a moment after the progress was stored, and is lost.
            System.err.print(farewell(inTime ? kept : reached));
            System.err.flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String farewell(long at) {
        String text = "quotient: stopped in epoch " + Math.min(at / stepsPerEpoch + 1, steps / stepsPerEpoch) + " of "
                + steps / stepsPerEpoch + ", after step " + at + ". ";
        if (checkpoint == null) {
            text += "Nothing was kept" + (log == null ? "" : " but the log '" + log + "'")
                    + "; with --checkpoint DIR the same command would go on from here.";
        } else if (kept > 0) {
            text += "The checkpoint" + (kept == at ? "" : " of step " + kept) + " is '" + checkpoint
                    + "'; give the same command again to go on from there.";
        } else {
            text += "There is no checkpoint yet; the same command begins anew.";
        }
        // The bar stands on a line of its own that is not ended.
        return (bar == null ? "" : "\n") + text + "\n";
    }

    @Override
    public void step(long step, double loss, Run run) {
        reached = step;
        if (bar != null) {
            bar.stepTo(step);
        }
    }

    @Override
    public void epoch(Progress.Epoch epoch) {
        if (bar != null) {
            bar.setExtraMessage(String.format(
                    Locale.ROOT,
                    " epoch %d loss %.4g, %s %.4g",
                    epoch.epoch(),
                    epoch.trainLoss(),
                    validation ? "validation" : "test",
                    epoch.held().accuracy()));
        }
        if (log != null) {
            try {
                Files.writeString(log, line.apply(epoch), StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new BadInput("'" + log + "' cannot be written: " + FileReason.of(e) + ".", e);
            }
        }
    }

    @Override
    public boolean wantsProgress(long step) {
        return checkpoint != null && (stop || step % every == 0);
    }

    @Override
    public void progress(Progress progress) {
        store.accept(progress);
        kept = progress.state().steps();
        if (stop) {
            stored.countDown();
        }
    }

    @Override
    public void close() {
        stored.countDown();
        if (!stop) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The interrupt came just now; the hook says so.
            }
        }
        if (bar != null) {
            bar.close();
        }
    }
}
