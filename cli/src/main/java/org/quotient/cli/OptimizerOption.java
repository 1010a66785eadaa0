package org.quotient.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.quotient.interop.FileReason;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.zoo.OptimizerKind;
import org.quotient.optimizers.zoo.Optimizers;
import picocli.CommandLine.Option;

/** Which update: one of the list with settings, or a class of the user's. */
final class OptimizerOption {
    private static final String CLASS = "class:";

    @Option(
            names = "--optimizer",
            required = true,
            paramLabel = "NAME[:k=v,...]",
            description =
                    "An optimizer with settings (see 'quotient optimizers'), or class:FILE.java or class:NAME, an own"
                            + " org.quotient.optimizers.Update; with prefixes in front, if any.")
    private String spec;

    /** What stands behind all prefixes. */
    private String last() {
        return Optimizers.behindPrefixes(spec);
    }

    /** The Java file of a class of one's own, or null. */
    @Nullable
    String file() {
        String last = last();
        return last.startsWith(CLASS) && last.endsWith(".java") ? last.substring(CLASS.length()) : null;
    }

    /** What was given. */
    String spec() {
        return spec;
    }

    /** As a part of the name of a file: what was given, or the name of the class, with dashes for what names are better without. */
    String label() {
        String text = spec;
        String last = last();
        if (last.startsWith(CLASS)) {
            String own = last.substring(Math.max(last.lastIndexOf('/'), CLASS.length() - 1) + 1);
            own = own.endsWith(".java") ? own.substring(0, own.length() - ".java".length()) : own;
            text = spec.substring(0, spec.length() - last.length()) + own;
        }
        return text.replaceAll("[^A-Za-z0-9.=+-]+", "-");
    }

    /** What the list says of it, if it is on the list. */
    Optional<OptimizerKind> kind() {
        return last().startsWith(CLASS) ? Optional.empty() : Optional.of(Optimizers.kindOf(spec));
    }

    /**
     * What a checkpoint remembers of the optimizer: what was given and, for a class of one's own, its bytes, since another class
     * under the same name is another optimizer.
     */
    String identity() {
        if (!last().startsWith(CLASS)) {
            return spec;
        }
        String name = last().substring(CLASS.length());
        CRC32 sum = new CRC32();
        try (InputStream bytes = name.endsWith(".java")
                ? Files.newInputStream(LoadedNetwork.path(name))
                : ClassLoader.getSystemResourceAsStream(name.replace('.', '/') + ".class")) {
            if (bytes != null) {
                sum.update(bytes.readAllBytes());
            }
        } catch (IOException e) {
            throw new BadInput("'" + name + "' cannot be read: " + FileReason.of(e) + ".", e);
        }
        return spec + " with checksum " + Long.toHexString(sum.getValue());
    }

    /**
     * The update.
     *
     * @throws BadInput if there is none, a setting does not fit, or the class cannot be used
     */
    Update update() {
        try {
            return Optimizers.of(
                    spec, last -> last.startsWith(CLASS) ? own(last.substring(CLASS.length())) : Optimizers.of(last));
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage()), e);
        }
    }

    private static Update own(String name) {
        Class<?> found = name.endsWith(".java") ? compiled(LoadedNetwork.path(name)) : loaded(name);
        try {
            if (!Update.class.isAssignableFrom(found)) {
                throw new BadInput("The class " + found.getName()
                        + " is no org.quotient.optimizers.Update; let it implement" + " that interface.");
            }
            var constructor = found.getDeclaredConstructor();
            constructor.setAccessible(true);
            return guarded((Update) constructor.newInstance(), name);
        } catch (NoSuchMethodException e) {
            throw new BadInput("The class " + found.getName() + " needs a constructor without arguments.", e);
        } catch (InvocationTargetException e) {
            throw new BadInput("The constructor of " + found.getName() + " failed: " + e.getCause() + ".", e);
        } catch (ReflectiveOperationException e) {
            throw new BadInput("The class " + found.getName() + " cannot be used: " + e.getMessage() + ".", e);
        }
    }

    /** The same update, whose failures are told as its own. */
    private static Update guarded(Update update, String name) {
        return (Update) Proxy.newProxyInstance(
                Update.class.getClassLoader(), new Class<?>[] {Update.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(update, arguments);
                        if (result == null && method.getReturnType() != void.class) {
                            throw new BadInput("The update '" + name + "' returns null from its method "
                                    + method.getName() + "; expected a "
                                    + method.getReturnType().getSimpleName() + ".");
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        Throwable cause = e.getCause();
                        if (cause instanceof IllegalArgumentException
                                || cause instanceof VirtualMachineError && !(cause instanceof StackOverflowError)
                                || cause == null) {
                            throw cause == null ? e : cause;
                        }
                        StackTraceElement[] trace = cause.getStackTrace();
                        throw new BadInput(
                                "The update '" + name + "' failed in its method " + method.getName() + ": " + cause
                                        + (trace.length == 0 ? "" : ", at " + trace[0]) + ".",
                                cause);
                    }
                });
    }

    private static Class<?> loaded(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new BadInput(
                    "There is no class '" + name
                            + "' on the class path. Give class:FILE.java, or add a folder or jar with"
                            + " the environment variable QUOTIENT_CLASS_PATH.",
                    e);
        }
    }

    /** Compiles one source file into a folder of its own, which is removed when its classes are loaded. */
    private static Class<?> compiled(Path source) {
        if (!Files.isRegularFile(source)) {
            throw new BadInput("There is no file '" + source + "'; expected a Java file with an own Update.");
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new BadInput(
                    "Compiling '" + source + "' needs a JDK, and this is a Java runtime without a compiler.");
        }
        Path folder = null;
        try {
            folder = Files.createTempDirectory("quotient-update");
            StringWriter said = new StringWriter();
            boolean done;
            try (var files = compiler.getStandardFileManager(null, null, null)) {
                done = compiler.getTask(
                                said,
                                files,
                                null,
                                List.of(
                                        "-proc:none",
                                        "-d",
                                        folder.toString(),
                                        "-cp",
                                        System.getProperty("java.class.path")),
                                null,
                                files.getJavaFileObjects(source))
                        .call();
            }
            if (!done) {
                throw new BadInput("'" + source + "' does not compile: " + said);
            }
            return first(folder, source);
        } catch (IOException e) {
            throw new BadInput("'" + source + "' cannot be compiled: " + e.getMessage() + ".", e);
        } finally {
            remove(folder);
        }
    }

    private static Class<?> first(Path folder, Path source) throws IOException {
        List<String> names;
        try (Stream<Path> files = Files.walk(folder)) {
            names = files.filter(f -> f.toString().endsWith(".class"))
                    .map(f -> folder.relativize(f).toString().replace('\\', '/'))
                    .map(f -> f.substring(0, f.length() - ".class".length()).replace('/', '.'))
                    .sorted()
                    .toList();
        }
        URI place = folder.toUri();
        String file = source.getFileName().toString();
        String own = file.substring(0, file.length() - ".java".length());
        List<Class<?>> updates = new ArrayList<>();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {place.toURL()}, OptimizerOption.class.getClassLoader())) {
            for (String name : names) {
                Class<?> type = Class.forName(name, false, loader);
                if (Update.class.isAssignableFrom(type)
                        && !type.isAnonymousClass()
                        && !type.isInterface()
                        && !Modifier.isAbstract(type.getModifiers())) {
                    updates.add(type);
                }
            }
        } catch (ClassNotFoundException e) {
            throw new IOException(e);
        }
        if (updates.isEmpty()) {
            throw new BadInput("'" + source + "' has no class that implements org.quotient.optimizers.Update.");
        }
        List<Class<?>> named = updates.stream()
                .filter(type -> updates.size() == 1 || type.getSimpleName().equals(own) && !type.isMemberClass())
                .toList();
        if (named.size() != 1) {
            throw new BadInput("'" + source + "' has several updates: "
                    + updates.stream().map(Class::getName).collect(Collectors.joining(", "))
                    + ". Give the one that is meant the name of the file, " + own + ".");
        }
        return named.getFirst();
    }

    private static void remove(@Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            folder.toFile().deleteOnExit();
        }
    }
}
