package org.quotient.geometry.functional;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.autodiff.network.Model;
import org.quotient.geometry.functional.pattern.Points;

/** A network, points and the exact rank of its Jacobian there. */
record RankOracle(
        String id, int parameters, int bound, int rank, int[] widths, BigFraction[] theta, List<BigFraction[]> points) {

    static List<RankOracle> all() {
        List<RankOracle> oracles = new ArrayList<>();
        String[] head = {};
        int[] widths = {};
        BigFraction[] theta = {};
        List<BigFraction[]> points = new ArrayList<>();
        for (String line : (text() + "\ncase").split("\n", -1)) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "case" -> {
                    if (head.length > 0) {
                        int[] n = Arrays.stream(head)
                                .skip(2)
                                .mapToInt(Integer::parseInt)
                                .toArray();
                        oracles.add(new RankOracle(head[1], n[0], n[2], n[3], widths, theta, List.copyOf(points)));
                    }
                    head = words;
                    points.clear();
                }
                case "widths" ->
                    widths = Arrays.stream(words)
                            .skip(1)
                            .mapToInt(Integer::parseInt)
                            .toArray();
                case "theta" -> theta = fractions(words);
                case "point" -> points.add(fractions(words));
                default -> {}
            }
        }
        return oracles;
    }

    private static String text() {
        try (InputStream in = RankOracle.class.getResourceAsStream("rank-oracles.txt")) {
            return new String(java.util.Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static BigFraction[] fractions(String[] words) {
        return Arrays.stream(words).skip(1).map(RankOracle::fraction).toArray(BigFraction[]::new);
    }

    private static BigFraction fraction(String word) {
        int slash = word.indexOf('/');
        return slash < 0
                ? new BigFraction(new BigInteger(word))
                : new BigFraction(new BigInteger(word.substring(0, slash)), new BigInteger(word.substring(slash + 1)));
    }

    Model model() {
        BigInteger common = BigInteger.ONE;
        for (BigFraction weight : theta) {
            BigInteger d = weight.getDenominator();
            common = common.divide(common.gcd(d)).multiply(d);
        }
        return ReluNetworks.rational(widths, theta, common.intValueExact());
    }

    Points pointsOf(Model model) {
        return Points.ofFractions(model.network(), points);
    }

    @Override
    public String toString() {
        return id;
    }
}
