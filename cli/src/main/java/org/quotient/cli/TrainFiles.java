package org.quotient.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.network.Network;
import org.quotient.interop.FileReason;
import org.quotient.interop.WholeFile;
import org.quotient.optimizers.training.Checkpoint;
import org.quotient.optimizers.training.Progress;
import org.quotient.optimizers.training.RankSeries;
import org.quotient.optimizers.training.Trainer;

/** What a training leaves behind while it runs: a log, a checkpoint, a bar on a terminal. */
final class TrainFiles implements AutoCloseable {
    private static final String FILE = "training.checkpoint";
    private static final String LOCK = "training.lock";

    private final @Nullable Path log;
    private final @Nullable Path checkpoint;
    private final String description;
    private final Optional<Checkpoint> resumed;
    private final @Nullable FileChannel lock;

    private TrainFiles(
            @Nullable Path log,
            @Nullable Path checkpoint,
            String description,
            Optional<Checkpoint> resumed,
            @Nullable FileChannel lock) {
        this.log = log;
        this.checkpoint = checkpoint;
        this.description = description;
        this.resumed = resumed;
        this.lock = lock;
    }

    /**
     * Where to write, and what is there already. The folder of checkpoints is this training's until it is closed.
     *
     * @param description of the run
     * @throws BadInput if the checkpoint there is of another run, or damaged, or another training writes there now
     */
    static TrainFiles of(@Nullable String log, @Nullable String folder, String description, Network network) {
        Path checkpoint = null;
        Optional<Checkpoint> resumed = Optional.empty();
        FileChannel lock = null;
        Path lines = log == null ? null : place("--log", log);
        if (folder != null) {
            Path place = LoadedNetwork.path(folder);
            try {
                Files.createDirectories(place);
            } catch (IOException e) {
                throw new BadInput(
                        "--checkpoint expects a folder that can be made; '" + folder + "' cannot: " + FileReason.of(e)
                                + ".",
                        e);
            }
            lock = locked(place, folder);
            checkpoint = place.resolve(FILE);
            if (lines != null
                    && List.of(resolved(checkpoint), resolved(place.resolve(LOCK)))
                            .contains(resolved(lines))) {
                release(lock);
                throw new BadInput("--log is a file of its own; '" + log + "' is one of the checkpoint's.");
            }
            if (Files.exists(checkpoint)) {
                try {
                    resumed = Optional.of(read(checkpoint, description, network));
                } catch (BadInput e) {
                    release(lock);
                    throw e;
                }
            }
        }
        return new TrainFiles(lines, checkpoint, description, resumed, lock);
    }

    /** The system lets go of it when the process ends, however it ends. */
    private static FileChannel locked(Path place, String folder) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(place.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Held within this process.
        } catch (IOException e) {
            release(channel);
            throw new BadInput("--checkpoint cannot write to '" + folder + "': " + FileReason.of(e) + ".", e);
        }
        release(channel);
        throw new BadInput("Another training writes its checkpoints to '" + folder
                + "' now. Wait for it, or give another --checkpoint folder.");
    }

    private static void release(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new BadInput("The lock of the checkpoints cannot be released: " + e.getMessage() + ".", e);
        }
    }

    /** Lets others write their checkpoints there. */
    @Override
    public void close() {
        release(lock);
    }

    /**
     * Where a file can be put, known before hours of training. A device or pipe is none: files are written aside and moved
     * into place, which would put a file instead of it.
     *
     * @throws BadInput if there is no such folder, or something that is no plain file
     */
    static Path place(String option, String name) {
        Path file = LoadedNetwork.path(name);
        Path folder = folderOf(file);
        if (!Files.isDirectory(folder) && !Files.exists(folder)) {
            throw new BadInput(option + " expects the name of a file in a folder that exists; there is no folder '"
                    + folder + "' for '" + name + "'. Make it first.");
        }
        if (!Files.isDirectory(folder) || Files.exists(file) && !Files.isRegularFile(file) || isDevice(file)) {
            throw new BadInput(option + " expects the name of a plain file; given '" + name + "', which is "
                    + (Files.isDirectory(file) ? "a folder." : "none."));
        }
        if (!Files.isWritable(folderOf(resolved(file)))) {
            throw new BadInput(option + " expects a place that can be written; '" + name
                    + "' is in a folder without permission to write.");
        }
        return file;
    }

    /** What stands for another thing, such as the output of this process, though that may be a plain file. */
    private static boolean isDevice(Path file) {
        try {
            return WholeFile.chain(file).stream()
                    .anyMatch(at -> at.startsWith("/proc") || at.startsWith("/dev") && !at.startsWith("/dev/shm"));
        } catch (IOException e) {
            throw new BadInput("'" + file + "' cannot be read: " + FileReason.of(e) + ".", e);
        }
    }

    /** Where links lead, whether anything is there or not. */
    private static Path resolved(Path file) {
        try {
            return WholeFile.target(file);
        } catch (IOException e) {
            return file.toAbsolutePath().normalize();
        }
    }

    /**
     * Checks that a file to be written is none of the other files of the same command, which it would replace.
     *
     * @param option that gives the file
     * @param file to be written, or null
     * @param others what is read or written as well, null for none
     * @throws BadInput if it is one of them
     */
    static void checkApart(String option, @Nullable String file, List<@Nullable String> others) {
        if (file == null) {
            return;
        }
        Path place = resolved(LoadedNetwork.path(file));
        for (String other : others) {
            if (other != null && resolved(LoadedNetwork.path(other)).equals(place)) {
                throw new BadInput(option + " is a file of its own; '" + file + "' is also "
                        + (other.equals(file) ? "given as another file of this command." : "'" + other + "'."));
            }
        }
    }

    /**
     * The name of what belongs to one run of several: the label comes before the ending of a file, and at the end of other names.
     *
     * @param name such as {@code runs/g.jsonl}
     * @param label such as {@code sgd-0.1}
     * @return such as {@code runs/g.sgd-0.1.jsonl}
     */
    static String labelled(String name, String label) {
        int dot = name.lastIndexOf('.');
        boolean ending = dot > Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1
                && name.substring(dot + 1).matches("[A-Za-z]\\w*");
        return ending ? name.substring(0, dot) + "." + label + name.substring(dot) : name + "." + label;
    }

    private static Path folderOf(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null ? file : folder;
    }

    private static Checkpoint read(Path file, String description, Network network) {
        Checkpoint found;
        try {
            found = Checkpoint.fromBytes(Files.readAllBytes(file), network);
        } catch (IOException e) {
            throw new BadInput("'" + file + "' cannot be read: " + FileReason.of(e) + ".", e);
        } catch (IllegalArgumentException e) {
            throw new BadInput(
                    "'" + file + "' cannot be used: " + e.getMessage()
                            + ". Give another --checkpoint folder, or remove this one.",
                    e);
        }
        if (!found.description().equals(description)) {
            List<String> there = Arrays.asList(found.description().split("\n", -1));
            String other = there.stream()
                    .filter(line -> !Arrays.asList(description.split("\n", -1)).contains(line))
                    .findFirst()
                    .orElse("another description");
            throw new BadInput("'" + file + "' belongs to another run, with " + other
                    + ". Give the options of that run, or another --checkpoint folder.");
        }
        return found;
    }

    /** Where the run had come, if there is a checkpoint. */
    Optional<Progress> resumed() {
        return resumed.map(Checkpoint::progress);
    }

    /** The readings of the run until there. */
    RankSeries readings() {
        return resumed.map(c -> RankSeries.of(c.note())).orElse(RankSeries.EMPTY);
    }

    /**
     * Trains, with log, checkpoints and a bar on a terminal. An interrupt stores the progress first.
     *
     * @param readings taken so far, asked for when an epoch is over and a checkpoint is stored
     * @param around may watch as well
     */
    Progress run(
            Trainer trainer,
            Progress from,
            boolean validation,
            @Nullable Integer every,
            Supplier<RankSeries> readings,
            UnaryOperator<Trainer.Listener> around) {
        if (log != null) {
            StringBuilder known = new StringBuilder();
            from.epochs().forEach(e -> known.append(line(e, validation, readings.get())));
            WholeFile.write(log, stream -> stream.write(known.toString().getBytes(StandardCharsets.UTF_8)));
        }
        try (TrainWatch watch = new TrainWatch(
                log,
                checkpoint,
                progress -> store(progress, readings.get()),
                epoch -> line(epoch, validation, readings.get()),
                trainer,
                from,
                validation,
                every)) {
            Progress done = trainer.run(from, around.apply(watch));
            store(done, readings.get());
            return done;
        }
    }

    private void store(Progress progress, RankSeries readings) {
        if (checkpoint != null) {
            byte[] bytes = new Checkpoint(description, readings.text(), progress).toBytes();
            WholeFile.write(checkpoint, stream -> stream.write(bytes));
        }
    }

    /** A line of the log. */
    private static String line(Progress.Epoch epoch, boolean validation, RankSeries readings) {
        String held = validation ? "validation" : "test";
        return Json.object(json -> {
                    json.put("epoch", epoch.epoch())
                            .put("step", epoch.steps())
                            .put("learningRate", epoch.learningRate())
                            .put("trainLoss", epoch.trainLoss())
                            .put(held + "Loss", epoch.held().loss())
                            .put(held + "Accuracy", epoch.held().accuracy());
                    if (!Double.isNaN(epoch.held().meanIou())) {
                        json.put(held + "MeanIou", epoch.held().meanIou());
                    }
                    if (!readings.entries().isEmpty()) {
                        Readings.json(json, readings.at(epoch.epoch()));
                    }
                })
                + "\n";
    }
}
