package org.quotient.proofs.catalogue;

import java.util.List;
import org.quotient.proofs.Theorem;

/** All theorems, in the order in which reports list them. */
public final class Catalogue {
    private Catalogue() {}

    /** The theorems. */
    public static List<Theorem<?>> theorems() {
        return List.of(
                DimensionTheorem.theorem(),
                ActionTheorem.theorem(),
                JacobianRankTheorem.theorem(),
                SignBitsTheorem.theorem(),
                PathValuesTheorem.theorem(),
                SpuriousPointsTheorem.theorem(),
                TwoTreeBasisTheorem.theorem(),
                InverseChainRuleTheorem.theorem(),
                WeightAllocationTheorem.theorem(),
                GSgdTheorems.equivariance(),
                GSgdTheorems.skeleton(),
                ResidualBasisTheorem.theorem(),
                UpdateTheorems.smShallow(),
                UpdateTheorems.smDeep(),
                UnitNormTheorem.theorem(),
                UpdateTheorems.pathSgd(),
                UpdateTheorems.frame(),
                UpdateTheorems.adam(),
                UpdateTheorems.l2(),
                EquiNormTheorems.existence(),
                EquiNormTheorems.cycle(),
                PathCondTheorem.theorem(),
                MeanFieldTheorem.theorem(),
                FunctionalDimensionTheorem.theorem(),
                ChargeTheorems.flow(),
                ChargeTheorems.drift(),
                ElasticityTheorem.theorem());
    }
}
