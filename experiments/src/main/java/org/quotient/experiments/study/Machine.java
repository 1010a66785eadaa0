package org.quotient.experiments.study;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What runs are made on, as pages say it. */
public final class Machine {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final String MODEL = "model name";

    private Machine() {}

    /** Processor and Java, without anything that names a computer or a day. */
    public static String text() {
        return processor() + ", one thread, Java " + Runtime.version().feature() + ", " + System.getProperty("os.name")
                + " " + System.getProperty("os.arch");
    }

    private static String processor() {
        if (!Files.isReadable(PROCESSORS)) {
            return "a processor of unknown name";
        }
        try (Stream<String> lines = Files.lines(PROCESSORS)) {
            return lines.filter(line -> line.startsWith(MODEL) && line.contains(":"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("a processor of unknown name");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
