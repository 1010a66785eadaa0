package org.quotient.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.quotient.geometry.Certificate;
import org.quotient.geometry.DimensionCount;
import org.quotient.geometry.Pinned;
import org.quotient.geometry.PointCount;
import org.quotient.geometry.RescalingGroup;
import org.quotient.interop.InteropException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quotient dimension NETWORK}. */
@Command(
        name = "dimension",
        description = "Counts the dimension of a network's parameters modulo positive rescaling, with a certificate.",
        footer = {
            "",
            "live: on a path of the graph. idle: only shifts what the next operation centres. dead: the rest.",
            "generators: the rank of the rescaling group on the live parameters. dimension = live - generators.",
            "The certificate is proved when an independent lower bound meets that number.",
            "",
            "Examples:",
            "  quotient dimension resnet-34",
            "  quotient dimension mlp:784-512-512-10,bias=false --json",
            "  quotient dimension model.onnx --constant scale"
        })
final class DimensionCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NETWORK", description = "A file ending in .onnx, or a built-in.")
    private String network;

    @Option(
            names = "--at-theta",
            negatable = true,
            description =
                    "Count at the given weights too: parameters that are zero there, the dimension of their orbit,"
                            + " the rank of the path lifting's derivative. Default for files.")
    private @Nullable Boolean atTheta;

    @Mixin
    private NetworkOptions options;

    @Mixin
    private Common common;

    @Override
    public Integer call() {
        LoadedNetwork loaded = options.load(network);
        RescalingGroup group = RescalingGroup.of(loaded.network());
        DimensionCount count = DimensionCount.of(group);
        return common.deliver(new Dimension(network, count, point(loaded, group)));
    }

    private @Nullable PointCount point(LoadedNetwork loaded, RescalingGroup group) {
        boolean asked = atTheta != null && atTheta;
        if (!asked && (atTheta != null || loaded.file() == null)) {
            return null;
        }
        try {
            return PointCount.of(group, loaded.requireFinite().model());
        } catch (InteropException e) {
            if (asked) {
                throw e;
            }
            common.note("not counted at the weights of the file: " + e.getMessage());
            return null;
        }
    }

    private record Dimension(
            String network, DimensionCount count, @Nullable PointCount point) implements Answer {
        @Override
        public void json(Json json) {
            Certificate c = count.certificate();
            json.put("parameters", count.parameters())
                    .put("live", count.live())
                    .put("idle", count.idle())
                    .put("generators", count.generators())
                    .put("dimension", count.dimension())
                    .put(
                            "certificate",
                            out -> out.put("lower", c.lower())
                                    .put("upper", c.upper())
                                    .put("proved", c.proved())
                                    .put("method", c.method())
                                    .integers("primes", c.primes())
                                    .put("remark", c.remark()))
                    .objects(
                            "pinned",
                            count.pinned(),
                            (out, pin) -> out.put("where", pin.where()).put("why", pin.why()))
                    .put("dead", count.dead())
                    .put("network", network);
            if (point != null) {
                json.put("zeros", point.zeros())
                        .put("orbitDimension", point.orbitDimension())
                        .put("rankPathLifting", point.rankPathLifting());
            }
        }

        @Override
        public String text(Style style) {
            Table table = new Table("", "#", "");
            table.row("parameters", count.parameters(), "");
            table.row("live", count.live(), "");
            table.row("idle", count.idle(), count.idle() == 0 ? "" : "only shift what the next operation centres");
            table.row("dead", count.dead(), count.dead() == 0 ? "" : "on no path to an output");
            table.row("generators", count.generators(), "");
            table.row("dimension", count.dimension(), "= live − generators");
            if (point != null) {
                table.row("zero weights", point.zeros(), "live parameters that are 0 here");
                table.row("orbit dimension", point.orbitDimension(), "at these weights");
                table.row("rank of ∂Φ", point.rankPathLifting(), "derivative of the path lifting at these weights");
            }
            StringBuilder text = new StringBuilder(style.strong(network) + "\n" + table.text(style));
            text.append(certificate(style)).append('\n');
            for (String line : pins()) {
                text.append(style.faint(line)).append('\n');
            }
            return text.toString();
        }

        private String certificate(Style style) {
            Certificate c = count.certificate();
            String primes = c.primes().isEmpty() ? "" : ", modulo " + c.primes();
            return c.proved()
                    ? style.good("proved") + ": as many independent paths (" + c.method() + primes + ")"
                    : style.bad("not proved") + ": between " + Table.count(c.lower()) + " and " + Table.count(c.upper())
                            + (c.remark().isEmpty() ? "" : "; " + c.remark());
        }

        private List<String> pins() {
            List<String> lines = new ArrayList<>();
            for (Pinned pin : count.pinned()) {
                lines.add("scale held at 0 by " + pin.where() + ": " + pin.why());
            }
            return lines;
        }
    }
}
