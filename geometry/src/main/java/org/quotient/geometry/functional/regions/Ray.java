package org.quotient.geometry.functional.regions;

import java.math.BigInteger;
import java.util.BitSet;

/**
 * An extreme ray of a cone.
 *
 * @param v its direction, whole numbers without a common factor: w ≥ 0 first, then x; the point x/w if w &gt; 0, else at infinity
 * @param tight the numbers of the constraints that hold with equality
 */
record Ray(BigInteger[] v, BitSet tight) {

    /** The value of a linear form. */
    BigInteger dot(BigInteger[] form) {
        BigInteger sum = BigInteger.ZERO;
        for (int i = 0; i < form.length; i++) {
            if (form[i].signum() != 0 && v[i].signum() != 0) {
                sum = sum.add(form[i].multiply(v[i]));
            }
        }
        return sum;
    }

    /** Numbers without their common factor. */
    static BigInteger[] primitive(BigInteger[] v) {
        BigInteger gcd = BigInteger.ZERO;
        for (BigInteger x : v) {
            gcd = gcd.gcd(x);
        }
        if (gcd.signum() == 0 || gcd.equals(BigInteger.ONE)) {
            return v;
        }
        BigInteger[] out = new BigInteger[v.length];
        for (int i = 0; i < v.length; i++) {
            out[i] = v[i].divide(gcd);
        }
        return out;
    }
}
