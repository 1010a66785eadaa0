package org.quotient.geometry.functional.jacobian;

import java.util.ArrayList;
import java.util.List;
import org.quotient.autodiff.Numbers;

/** The largest primes below 2^22, in falling order. */
public final class Primes {
    private Primes() {}

    /**
     * The fields of the largest primes.
     *
     * @param count how many
     */
    public static List<Numbers.PrimeField> largest(int count) {
        List<Numbers.PrimeField> out = new ArrayList<>();
        for (int p = Numbers.PrimeField.largest().p(); out.size() < count; p -= 2) {
            if (java.math.BigInteger.valueOf(p).isProbablePrime(60)) {
                out.add(new Numbers.PrimeField(p));
            }
        }
        return out;
    }
}
