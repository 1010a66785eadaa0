package org.quotient.autodiff.data;

/**
 * Data sets made on the spot, so that everything runs anywhere: each is a function of its settings and a seed, the same
 * numbers on every machine. Points are drawn, put into a random order and split.
 */
public sealed interface MadeData permits Moons, Spirals, Teacher, Digits {
    /** What {@code --data} calls it. */
    String name();

    /** Draws the points and splits them at random. */
    DataSplit draw(long seed);

    /** Two moons: 2000 points, three quarters of them to train on, noise 0.1. */
    static Moons moons() {
        return new Moons(2000, 0.1, 0.75);
    }

    /** Three spiral arms of 0.6 turns: 3000 points, three quarters of them to train on, noise 0.03. */
    static Spirals spirals() {
        return new Spirals(3000, 3, 0.6, 0.03, 0.75);
    }

    /** A teacher of 5 inputs, 8 units and 3 outputs: 4000 points, three quarters of them to train on. */
    static Teacher teacher() {
        return new Teacher(4000, 5, 8, 3, 0.75);
    }

    /** Digits of 8 by 8 pixels: 4000 pictures, three quarters of them to train on, noise 0.05. */
    static Digits digits() {
        return new Digits(4000, 8, 0.05, 0.75);
    }
}
