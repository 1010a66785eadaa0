package org.quotient.autodiff;

/** Expressions as text. */
public final class Text {
    private Text() {}

    /** One line for small expressions. */
    public static String of(Expr expr) {
        return expr.describe();
    }
}
