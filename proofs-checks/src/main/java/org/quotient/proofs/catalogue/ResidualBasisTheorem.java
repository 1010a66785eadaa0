package org.quotient.proofs.catalogue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Finding;
import org.quotient.proofs.Hypothesis;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.Family;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Networks;

/** That skip connections leave a whole residual network without basis paths, the reason given for treating blocks one by one. */
final class ResidualBasisTheorem {
    private static final int QUICK = 80;

    private ResidualBasisTheorem() {}

    static Theorem<NetworkInstance> theorem() {
        return new Theorem<>(
                "residual-networks-have-no-basis-paths",
                new Claim<>("a whole residual network has no basis paths", ResidualBasisTheorem::none),
                "\\nexists\\ \\{p_1, \\dots, p_n\\} \\text{ a basis of the paths of a residual network}",
                "Meng et al., G-SGD, ICLR 2019, as reviewed: blocks are treated as networks of their own",
                List.of(new Hypothesis<>(
                        "the group has a generator", i -> i.group().rank() > 0)),
                NetworkInstances.of(Networks.of(Family.RESIDUAL), QUICK),
                Verdict.REFUTED,
                new Claim<>(
                        "a whole residual network has live − hidden units basis paths, one unit per activation",
                        ResidualBasisTheorem::units));
    }

    private static Finding none(NetworkInstance i) {
        Optional<BasisPaths> basis = BasisPaths.of(i);
        if (basis.isEmpty()) {
            return new Finding.Supported("no skeleton was found");
        }
        return TwoTreeBasisTheorem.basis(i, basis.get()) instanceof Finding.Proved p
                ? new Finding.Refuted(p.evidence())
                : new Finding.Supported("the paths along its skeleton are no basis");
    }

    private static Finding units(NetworkInstance i) {
        Optional<BasisPaths> basis = BasisPaths.of(i);
        OptionalLong units = HiddenUnits.count(i.network());
        if (basis.isEmpty() || units.isEmpty()) {
            return new Finding.NotApplicable("units can be counted");
        }
        int size = basis.get().vectors().size();
        long predicted = i.live() - units.getAsLong();
        return size == predicted
                ? new Finding.Proved(size + " basis paths")
                : new Finding.Refuted(
                        size + " basis paths, not " + i.live() + " − " + units.getAsLong() + " = " + predicted);
    }
}
