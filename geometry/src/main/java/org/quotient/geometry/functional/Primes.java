package org.quotient.geometry.functional;

import java.util.ArrayList;
import java.util.List;
import org.quotient.autodiff.Numbers;

/** The largest primes below 2^22, in falling order. */
final class Primes {
    private Primes() {}

    static List<Numbers.PrimeField> largest(int count) {
        List<Numbers.PrimeField> out = new ArrayList<>();
        for (int p = Numbers.PrimeField.largest().p(); out.size() < count; p -= 2) {
            if (java.math.BigInteger.valueOf(p).isProbablePrime(60)) {
                out.add(new Numbers.PrimeField(p));
            }
        }
        return out;
    }
}
