package org.quotient.notebooks;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;

/**
 * How a value with several forms is handed to a kernel. IJava, JJava and rapaio's kernel have one mechanism in common: a cell
 * whose value is the kernel's own bundle of MIME types, a class called {@code DisplayData} with {@code putData(type, content)},
 * shows that bundle as it is. So all that is known of a kernel is where its class lies. Outside of a kernel the value stays what
 * it is.
 */
final class Kernels {
    private static final List<String> BUNDLES = List.of(
            "org.rapaio.jupyter.kernel.display.DisplayData",
            "org.dflib.jjava.jupyter.kernel.display.DisplayData",
            "io.github.spencerpark.jupyter.kernel.display.DisplayData");

    private Kernels() {}

    /** What a cell ends in to show a value: the bundle of the kernel that runs here, or the value itself. */
    static Object shown(Rich value) {
        return shown(value, BUNDLES);
    }

    /** The same with other classes of bundles. */
    static Object shown(Rich value, List<String> bundles) {
        for (String name : bundles) {
            Optional<Class<?>> bundle = find(name);
            if (bundle.isPresent()) {
                try {
                    return bundle(bundle.get(), value);
                } catch (ReflectiveOperationException e) {
                    // A version of the kernel that has changed: plain text is better than no text.
                    return value;
                }
            }
        }
        return value;
    }

    private static Optional<Class<?>> find(String name) {
        try {
            return Optional.of(Class.forName(name, true, Kernels.class.getClassLoader()));
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        }
    }

    private static Object bundle(Class<?> type, Rich value) throws ReflectiveOperationException {
        Object bundle = empty(type, value.toString());
        Method put = type.getMethod("putData", String.class, Object.class);
        for (var form : value.forms().entrySet()) {
            put.invoke(bundle, form.getKey(), form.getValue());
        }
        return bundle;
    }

    /** A bundle of plain text: by the constructor, or by the factory of a kernel that has none. */
    private static Object empty(Class<?> type, String text) throws ReflectiveOperationException {
        try {
            return type.getConstructor(String.class).newInstance(text);
        } catch (NoSuchMethodException e) {
            return type.getMethod("fromText", String.class).invoke(null, text);
        }
    }
}
