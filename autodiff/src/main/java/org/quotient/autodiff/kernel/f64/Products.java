package org.quotient.autodiff.kernel.f64;

import java.util.List;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Product;
import org.quotient.autodiff.kernel.Step;
import org.quotient.autodiff.kernel.Temporaries;

/** Matrix products. */
final class Products {
    private Products() {}

    static List<Step> steps(Product p, Place aPlace, Place bPlace, Place cPlace, Temporaries temporaries) {
        double[] a = F64Kernels.array(aPlace);
        double[] b = F64Kernels.array(bPlace);
        double[] c = F64Kernels.array(cPlace);
        double alpha = (double) p.alpha();
        Whole all = () -> {
            for (int q = 0; q < p.batch(); q++) {
                int ao = aPlace.offset() + q * p.aBatch();
                int bo = bPlace.offset() + q * p.bBatch();
                int co = cPlace.offset() + q * p.cBatch();
                for (int i = 0; i < p.m(); i++) {
                    for (int j = 0; j < p.n(); j++) {
                        double sum = 0;
                        for (int k = 0; k < p.k(); k++) {
                            sum += a[ao + i * p.aRow() + k * p.aColumn()] * b[bo + k * p.bRow() + j * p.bColumn()];
                        }
                        int at = co + i * p.cRow() + j * p.cColumn();
                        c[at] = (p.accumulate() ? c[at] : 0) + alpha * sum;
                    }
                }
            }
        };
        return List.of(all);
    }
}
