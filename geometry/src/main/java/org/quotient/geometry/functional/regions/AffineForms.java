package org.quotient.geometry.functional.regions;

import java.math.BigInteger;
import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.geometry.functional.pattern.ExactValues;

/** The affine functions of the input that the elements of a node are on a region, from the values at 0 and the unit points. */
final class AffineForms {
    private final List<ExactValues> values;

    /**
     * @param values at 0, then at each unit point
     */
    AffineForms(List<ExactValues> values) {
        this.values = values;
    }

    int count() {
        return values.get(0).numbers().length;
    }

    /** Whether element i may be other than 0 when the parameters move a little. */
    boolean mayDiffer(int i) {
        return values.stream().anyMatch(v -> v.nonzero()[i]);
    }

    /** Element i, minus element j unless that is negative, as a linear form in (w, x) with whole coefficients; scaled. */
    BigInteger[] form(int i, int j) {
        BigFraction[] coefficients = new BigFraction[values.size()];
        BigInteger common = BigInteger.ONE;
        for (int k = 0; k < coefficients.length; k++) {
            BigFraction value = at(k, i, j);
            coefficients[k] = k == 0 ? value : value.subtract(at(0, i, j));
            BigInteger d = coefficients[k].getDenominator();
            common = common.divide(common.gcd(d)).multiply(d);
        }
        BigInteger[] form = new BigInteger[coefficients.length];
        for (int k = 0; k < form.length; k++) {
            form[k] = coefficients[k].getNumerator().multiply(common.divide(coefficients[k].getDenominator()));
        }
        return Ray.primitive(form);
    }

    private BigFraction at(int k, int i, int j) {
        BigFraction value = values.get(k).numbers()[i];
        return j < 0 ? value : value.subtract(values.get(k).numbers()[j]);
    }
}
