package org.quotient.autodiff;

/**
 * The arithmetic in which a graph is evaluated. All kernels compute in doubles; what differs is what happens to a result:
 * nothing (F64), rounding to single precision (F32: once per operation, sums are kept in double until then), or reduction
 * modulo a prime.
 */
public sealed interface Numbers {

    /** IEEE arithmetic of a dtype. */
    record Real(DType dtype) implements Numbers {
        @Override
        public double settle(double value) {
            return dtype == DType.F64 ? value : (float) value;
        }

        @Override
        public void settle(double[] values, int from, int to) {
            if (dtype == DType.F32) {
                for (int i = from; i < to; i++) {
                    values[i] = (float) values[i];
                }
            }
        }

        @Override
        public int exactTerms() {
            return Integer.MAX_VALUE;
        }

        @Override
        public boolean exact() {
            return false;
        }
    }

    /**
     * The field of integers modulo a prime below 2^22, so that 256 products and their sum are exact in a double.
     *
     * @param p the prime
     */
    record PrimeField(int p) implements Numbers {
        /** Checks that p is a prime below 2^22. */
        public PrimeField {
            if (p < 2 || p >= 1 << 22 || !java.math.BigInteger.valueOf(p).isProbablePrime(60)) {
                throw new IllegalArgumentException("A prime field needs a prime below 4194304; given " + p);
            }
        }

        /** The largest prime below 2^22. */
        public static PrimeField largest() {
            return new PrimeField(4194301);
        }

        @Override
        public double settle(double value) {
            double r = value - p * Math.floor(value / p);
            return r >= p ? r - p : r;
        }

        @Override
        public void settle(double[] values, int from, int to) {
            for (int i = from; i < to; i++) {
                values[i] = settle(values[i]);
            }
        }

        @Override
        public int exactTerms() {
            return 256;
        }

        @Override
        public boolean exact() {
            return true;
        }

        /**
         * The residue of a (dyadic) double.
         *
         * @throws ArithmeticException if the value is not finite, or p = 2 divides its denominator
         */
        public double residue(double value) {
            if (!Double.isFinite(value)) {
                throw new ArithmeticException("Only finite numbers have residues; given " + value);
            }
            int exponent = Math.max(Math.getExponent(value), Double.MIN_EXPONENT) - 52;
            long mantissa = (long) Math.scalb(value, -exponent);
            // In lowest terms, so that p = 2 divides the denominator only if there is one.
            int twos = mantissa == 0 ? -exponent : Long.numberOfTrailingZeros(mantissa);
            mantissa >>= twos;
            exponent += twos;
            long residue = Math.floorMod(mantissa, (long) p);
            long half = p == 2 || exponent >= 0 ? 0 : (p + 1L) / 2;
            long two = exponent >= 0 ? power(2, exponent) : power(half == 0 ? inverse(2) : half, -(long) exponent);
            return residue * two % p;
        }

        /** base^exponent modulo p, for 0 ≤ base &lt; p and exponent ≥ 0. */
        public long power(long base, long exponent) {
            long result = 1 % p;
            long square = base % p;
            for (long e = exponent; e > 0; e >>= 1) {
                if ((e & 1) == 1) {
                    result = result * square % p;
                }
                square = square * square % p;
            }
            return result;
        }

        /**
         * The inverse modulo p.
         *
         * @throws ArithmeticException for 0
         */
        public long inverse(long value) {
            long r = Math.floorMod(value, (long) p);
            if (r == 0) {
                throw new ArithmeticException("0 has no inverse modulo " + p);
            }
            return power(r, p - 2L);
        }
    }

    /** The result of an operation, brought back into this arithmetic. */
    double settle(double value);

    /** {@link #settle(double)} for the elements from {@code from} to {@code to} − 1, in place. */
    void settle(double[] values, int from, int to);

    /** How many products may be summed before {@link #settle} is needed. */
    int exactTerms();

    /** Whether values are exact, so that only field operations may be evaluated. */
    boolean exact();
}
