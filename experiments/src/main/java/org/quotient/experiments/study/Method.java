package org.quotient.experiments.study;

import java.util.List;
import java.util.stream.Stream;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.training.Training;
import org.quotient.optimizers.zoo.Optimizers;

/**
 * One of the methods that a study compares.
 *
 * @param name as in tables
 * @param optimizer as {@link Optimizers#of(String)} reads it
 * @param start an optimizer whose initialisation is taken over, empty for none: SGD from where G-SGD would begin, say
 * @param rates the learning rates to choose among
 */
public record Method(String name, String optimizer, String start, List<Double> rates) {
    /** Copies the list and checks that the optimizers exist. */
    public Method {
        rates = List.copyOf(rates);
        if (rates.isEmpty()) {
            throw new IllegalArgumentException("'" + name + "' needs at least one learning rate; given none");
        }
        Optimizers.of(optimizer);
        if (!start.isEmpty()) {
            Optimizers.of(start);
        }
    }

    /** A method that begins where it is put, or where its optimizer itself goes. */
    public static Method of(String name, String optimizer, List<Double> rates) {
        return new Method(name, optimizer, "", rates);
    }

    /** Rates of which each is {@code factor} times the one before. */
    public static List<Double> rates(double first, double factor, int count) {
        return Stream.iterate(first, r -> r * factor).limit(count).toList();
    }

    /** Rates from the largest down, √10 apart. */
    public static List<Double> down(double largest, int count) {
        return rates(largest, 1 / Math.sqrt(10), count);
    }

    /**
     * Methods that may be compared.
     *
     * @throws IllegalArgumentException if one may try more learning rates than another, or two have one name
     */
    public static List<Method> equalBudgets(List<Method> methods) {
        if (methods.stream().map(m -> m.rates.size()).distinct().count() > 1) {
            throw new IllegalArgumentException("Every method has to have as many learning rates to choose among; given "
                    + methods.stream().map(m -> m.name + ": " + m.rates.size()).toList());
        }
        if (methods.stream().map(Method::name).distinct().count() < methods.size()) {
            throw new IllegalArgumentException("Methods need names of their own; given "
                    + methods.stream().map(Method::name).toList());
        }
        return List.copyOf(methods);
    }

    /** As a table says it. */
    public String text() {
        return name + " (`" + optimizer + "`" + (start.isEmpty() ? ")" : " from the start of `" + start + "`)");
    }

    /** The update. */
    public Update update() {
        return Optimizers.of(optimizer);
    }

    /** The weights to begin with: those given, or the initialisation taken over from {@link #start}. */
    public Weights start(Problem problem, Weights weights) {
        return start.isEmpty()
                ? weights
                : Training.of(problem, Optimizers.of(start))
                        .start(weights)
                        .model()
                        .weights();
    }
}
