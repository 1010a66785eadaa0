package org.quotient.geometry.functional.regions;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.fraction.BigFraction;

/**
 * A convex polyhedron of R^n with interior points, bounded or not, as a pointed cone of R^(n+1) in homogeneous coordinates (w, x),
 * described by its extreme rays: vertices where w &gt; 0, directions to infinity where w = 0. Cutting it by a half-space is one step
 * of the double description method (Motzkin et al. 1953; Fukuda and Prodon 1996), in whole numbers.
 *
 * @param rays in no particular order
 * @param constraints how many half-spaces have been used
 */
record Cone(List<Ray> rays, int constraints) {

    /** The 2^n orthants of R^n. */
    static List<Cone> orthants(int n) {
        List<Cone> out = new ArrayList<>();
        for (int signs = 0; signs < 1 << n; signs++) {
            List<Ray> rays = new ArrayList<>();
            for (int i = 0; i <= n; i++) {
                BigInteger[] v = new BigInteger[n + 1];
                java.util.Arrays.fill(v, BigInteger.ZERO);
                v[i] = i > 0 && (signs >> (i - 1) & 1) == 1 ? BigInteger.ONE.negate() : BigInteger.ONE;
                BitSet tight = new BitSet();
                tight.set(0, n + 1);
                tight.clear(i);
                rays.add(new Ray(v, tight));
            }
            out.add(new Cone(List.copyOf(rays), n + 1));
        }
        return out;
    }

    /** The part where a form is at least 0; nothing if that part has no interior. */
    Optional<Cone> where(BigInteger[] form) {
        List<Ray> positive = new ArrayList<>();
        List<Ray> negative = new ArrayList<>();
        List<Ray> kept = new ArrayList<>();
        for (Ray ray : rays) {
            int sign = ray.dot(form).signum();
            if (sign > 0) {
                positive.add(ray);
                kept.add(ray);
            } else if (sign < 0) {
                negative.add(ray);
            } else {
                BitSet tight = (BitSet) ray.tight().clone();
                tight.set(constraints);
                kept.add(new Ray(ray.v(), tight));
            }
        }
        if (positive.isEmpty()) {
            return Optional.empty();
        }
        if (negative.isEmpty()) {
            return Optional.of(this);
        }
        for (Ray a : positive) {
            for (Ray b : negative) {
                if (adjacent(a, b)) {
                    kept.add(between(a, b, form));
                }
            }
        }
        return Optional.of(new Cone(List.copyOf(kept), constraints + 1));
    }

    /** Two extreme rays span a face of dimension two exactly if no third one lies on all the constraints of both. */
    private boolean adjacent(Ray a, Ray b) {
        // Records are equal if their components are: arrays by identity, and no two rays share one.
        BitSet both = (BitSet) a.tight().clone();
        both.and(b.tight());
        for (Ray other : rays) {
            if (!other.equals(a) && !other.equals(b)) {
                BitSet missing = (BitSet) both.clone();
                missing.andNot(other.tight());
                if (missing.isEmpty()) {
                    return false;
                }
            }
        }
        return true;
    }

    private Ray between(Ray a, Ray b, BigInteger[] form) {
        BigInteger p = a.dot(form);
        BigInteger q = b.dot(form).negate();
        BigInteger[] v = new BigInteger[form.length];
        for (int i = 0; i < v.length; i++) {
            v[i] = a.v()[i].multiply(q).add(b.v()[i].multiply(p));
        }
        BitSet tight = (BitSet) a.tight().clone();
        tight.and(b.tight());
        tight.set(constraints);
        return new Ray(Ray.primitive(v), tight);
    }

    /**
     * Interior points that span: with c the sum of all rays, the points of c + r over the rays r. Each lies inside, and together they
     * span what the rays do, since Σ(c + r) is a multiple of c; so among them are n + 1 affinely independent ones.
     */
    List<BigFraction[]> decisivePoints() {
        int n = rays.get(0).v().length;
        BigInteger[] centre = new BigInteger[n];
        java.util.Arrays.fill(centre, BigInteger.ZERO);
        for (Ray ray : rays) {
            for (int i = 0; i < n; i++) {
                centre[i] = centre[i].add(ray.v()[i]);
            }
        }
        List<BigFraction[]> points = new ArrayList<>();
        for (Ray ray : rays) {
            BigInteger w = centre[0].add(ray.v()[0]);
            BigFraction[] point = new BigFraction[n - 1];
            for (int i = 1; i < n; i++) {
                point[i - 1] = new BigFraction(centre[i].add(ray.v()[i]), w);
            }
            points.add(point);
        }
        return points;
    }
}
