package org.quotient.autodiff;

/**
 * An Einstein summation read as a matrix product, for printing.
 *
 * @param swapped whether the right operand comes first
 * @param transposeFirst whether the first factor is transposed
 * @param transposeSecond whether the second factor is transposed
 */
record EinsumForm(boolean swapped, boolean transposeFirst, boolean transposeSecond) {

    /** The matrix product that a summation is, or null if it is none. */
    static @org.jspecify.annotations.Nullable EinsumForm of(Op.Einsum e) {
        if (batched(e)) {
            return new EinsumForm(false, false, false);
        }
        EinsumForm straight = product(e.left(), e.right(), e.out(), false);
        return straight != null ? straight : product(e.right(), e.left(), e.out(), true);
    }

    /** Leading letters in common, then [m, k] and [k, n]. */
    private static boolean batched(Op.Einsum e) {
        int lead = e.out().length() - 2;
        if (lead < 1 || e.left().length() != lead + 2 || e.right().length() != lead + 2) {
            return false;
        }
        String prefix = e.out().substring(0, lead);
        char m = e.out().charAt(lead);
        char n = e.out().charAt(lead + 1);
        char k = e.left().charAt(lead + 1);
        return e.left().equals(prefix + m + k) && e.right().equals(prefix + k + n);
    }

    private static @org.jspecify.annotations.Nullable EinsumForm product(
            String first, String second, String out, boolean swapped) {
        for (int i = 0; i < first.length(); i++) {
            String k = first.substring(i, i + 1);
            String rows = first.replace(k, "");
            String columns = second.replace(k, "");
            boolean fits = second.contains(k) && out.equals(rows + columns) && columns.length() <= 1;
            boolean straightFirst = first.equals(rows + k);
            boolean straightSecond = second.equals(k + columns);
            if (fits && (straightFirst || first.length() == 2) && (straightSecond || second.length() == 2)) {
                return new EinsumForm(swapped, !straightFirst, !straightSecond);
            }
        }
        return null;
    }
}
