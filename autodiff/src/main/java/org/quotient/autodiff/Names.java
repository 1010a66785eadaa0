package org.quotient.autodiff;

import java.util.Locale;

/** The short lower-case names of operations, as errors and printouts show them. */
public final class Names {
    private Names() {}

    /** The name of an operation, such as {@code relu} or {@code conv}. */
    public static String of(Op op) {
        return switch (op) {
            case Op.Variable v -> v.name();
            case Op.Constant c -> "constant";
            case Op.BatchSize b -> "batchSize";
            case Op.Unary u -> lower(u.kind());
            case Op.Binary b -> lower(b.kind());
            case Op.Reduce r ->
                switch (r.kind()) {
                    case SUM -> "sum";
                    case MAX -> "reduceMax";
                    case FIRST_MAX -> "firstMax";
                };
            case Op.Einsum e -> "einsum";
            case Op.Conv c ->
                switch (c.form()) {
                    case FORWARD -> "conv";
                    case INPUT_ADJOINT -> "convInputAdjoint";
                    case KERNEL_ADJOINT -> "convKernelAdjoint";
                };
            case Op.Reshape r -> "reshape";
            case Op.Transpose t -> "transpose";
            case Op.Broadcast b -> "broadcast";
            case Op.Slice s -> "slice";
            case Op.Pad p -> "pad";
            case Op.Concat c -> "concat";
            case Op.Gather g -> "gather";
            case Op.Scatter s -> "scatter";
            case Op.Pool p ->
                switch (p.kind()) {
                    case SUM -> "sumPool";
                    case SUM_ADJOINT -> "sumPoolAdjoint";
                    case MAX -> "maxPool";
                    case MAX_SELECT -> "maxPoolSelect";
                    case MAX_SCATTER -> "maxPoolScatter";
                };
            case Op.Standardise s -> "standardise";
            case Op.StandardiseWith s -> "standardiseWith";
            case Op.Softmax s -> "softmax";
            case Op.Custom c -> c.definition().name();
        };
    }

    private static String lower(Enum<?> kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
