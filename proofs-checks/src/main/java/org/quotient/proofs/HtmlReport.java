package org.quotient.proofs;

import java.util.List;

/** Outcomes as one self-contained page: no scripts, no links to elsewhere. */
public final class HtmlReport {
    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>Quotient: theorems checked</title>
            <style>
            body { font: 16px/1.5 sans-serif; max-width: 50em; margin: 2em auto; padding: 0 1em; }
            section { border-top: 1px solid #ccc; padding: 0.5em 0; }
            code { background: #f4f4f4; padding: 0 0.2em; overflow-wrap: anywhere; }
            dt { font-weight: bold; }
            .expected { color: #176b2c; }
            .unexpected { color: #a40000; }
            </style>
            </head>
            <body>
            """;

    private HtmlReport() {}

    /**
     * The page.
     *
     * @param outcomes what checking found, in order
     * @param level how much was tried
     * @param seed of the random instances
     */
    public static String of(List<Outcome> outcomes, Level level, long seed) {
        StringBuilder page = new StringBuilder(HEAD).append("<h1>Theorems checked</h1>\n");
        page.append("<p>Level ").append(level).append(", seed ").append(seed).append(".</p>\n");
        outcomes.forEach(outcome -> section(page, outcome));
        return page.append("</body>\n</html>\n").toString();
    }

    private static void section(StringBuilder page, Outcome outcome) {
        String mark = outcome.asExpected() ? "expected" : "unexpected";
        page.append("<section id=\"").append(escaped(outcome.id())).append("\">\n<h2>");
        page.append(escaped(outcome.id())).append("</h2>\n<dl>\n");
        item(page, "Statement", escaped(outcome.statement()));
        item(page, "LaTeX", "<code>" + escaped(outcome.latex()) + "</code>");
        item(page, "Source", escaped(outcome.source()));
        item(page, "Hypotheses", escaped(String.join("; ", outcome.hypotheses())));
        item(
                page,
                "Verdict",
                "<span class=\"" + mark + "\">" + outcome.result().verdict() + "</span> (expected " + outcome.expected()
                        + ")");
        result(page, outcome.result());
        item(page, "False neighbour", escaped(outcome.neighbour().statement()));
        item(page, "Its verdict", outcome.neighbour().verdict() + " (expected " + Verdict.REFUTED + ")");
        result(page, outcome.neighbour());
        page.append("</dl>\n</section>\n");
    }

    private static void result(StringBuilder page, Outcome.Result result) {
        item(page, "Evidence", escaped(result.evidence()));
        if (result.counterexample() != null) {
            item(page, "Smallest counterexample", escaped(result.counterexample()));
        }
    }

    private static void item(StringBuilder page, String term, String html) {
        page.append("<dt>").append(term).append("</dt><dd>").append(html).append("</dd>\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
