package org.quotient.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Numbers as people read them")
class NumbersTest {

    @Test
    @DisplayName("two digits, plain or with an exponent")
    void significant() {
        assertThat(Numbers.two(0.012345)).isEqualTo("0.012");
        assertThat(Numbers.two(4.14e-5)).isEqualTo("4.1e-5");
        assertThat(Numbers.two(0)).isEqualTo("0");
        assertThat(Numbers.two(-0.5)).isEqualTo("−0.5");
        assertThat(Numbers.two(1234)).isEqualTo("1200");
        assertThat(Numbers.two(-9.96e-7)).isEqualTo("−1.0e-6");
        assertThat(Numbers.two(Double.POSITIVE_INFINITY)).isEqualTo("∞");
        assertThat(Numbers.brief(0.3)).isEqualTo("0.3");
        assertThat(Numbers.brief(10)).isEqualTo("10");
        assertThat(Numbers.brief(1 / 3.0)).isEqualTo("0.33");
        assertThat(Numbers.brief(1e-4)).isEqualTo("1e-4");
        assertThat(Numbers.brief(100)).isEqualTo("100");
        assertThat(Numbers.fixed(-0.00001, 3)).isEqualTo("0.000");
    }

    @Test
    @DisplayName("median, range, mean and deviation; infinite losses stay infinite")
    void spread() {
        Spread s = Spread.of(3, 1, 2, 4);
        assertThat(s.median()).isEqualTo(2.5);
        assertThat(s.least()).isEqualTo(1);
        assertThat(s.most()).isEqualTo(4);
        assertThat(s.deviation()).isCloseTo(Math.sqrt(5.0 / 3), within(1e-12));
        assertThat(Spread.of(1, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY)
                        .median())
                .isInfinite();
    }
}
