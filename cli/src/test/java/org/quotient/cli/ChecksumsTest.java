package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Initialisation;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;

class ChecksumsTest {
    /** Twenty inputs times constants, of which one is given. */
    private static Network scaled(double last) {
        NetworkBuilder net = NetworkBuilder.named("scaled", org.quotient.autodiff.DType.F64, Initialisation.TORCH);
        Flow x = net.input("x", 20);
        Expr by = Expr.constant(Tensor.fill(Shape.of(20), x.value().dtype(), i -> i == 19 ? last : 1));
        return net.build(net.flow(x.value().times(by)).dense("fc", 2)).model(1).network();
    }

    @Test
    void aGraphIsToldByItsOperationsAndByEveryNumberOfItsConstants() {
        assertThat(Checksums.of(scaled(2))).isEqualTo(Checksums.of(scaled(2)));
        assertThat(Checksums.of(scaled(2))).isNotEqualTo(Checksums.of(scaled(3)));
        long relu = Checksums.of(BuiltIns.network("mlp:2-4-2").network());
        assertThat(Checksums.of(BuiltIns.network("mlp:2-4-2").network())).isEqualTo(relu);
        assertThat(Checksums.of(BuiltIns.network("mlp:2-4-2,activation=tanh").network()))
                .isNotEqualTo(relu);
    }

    @Test
    void weightsAreToldByTheirNumbers() {
        long sum = Checksums.of(BuiltIns.model("mlp:2-4-2", 1).weights());
        assertThat(Checksums.of(BuiltIns.model("mlp:2-4-2", 1).weights())).isEqualTo(sum);
        assertThat(Checksums.of(BuiltIns.model("mlp:2-4-2", 2).weights())).isNotEqualTo(sum);
    }
}
