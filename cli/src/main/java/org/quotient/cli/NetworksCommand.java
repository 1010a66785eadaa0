package org.quotient.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.quotient.autodiff.network.BuiltIn;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.RescalingGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code quotient networks}. */
@Command(
        name = "networks",
        description = "Lists the built-in networks with their settings, parameters, live parameters and generators.",
        footer = {
            "",
            "A spec is a name, with sizes where the pattern has them, followed by settings: mlp:4-8-2,bias=false,init=he.",
            "Networks with sizes are counted for an example.",
            "",
            "Examples:",
            "  quotient networks",
            "  quotient networks --json"
        })
final class NetworksCommand implements Callable<Integer> {
    @Mixin
    private Common common;

    @Override
    public Integer call() {
        return common.deliver(
                new Listing(BuiltIns.catalogue().stream().map(Counted::of).toList()));
    }

    /** A built-in with its counts for one spec. */
    record Counted(BuiltIn builtIn, String spec, long parameters, long live, int generators) {
        static Counted of(BuiltIn builtIn) {
            String spec = builtIn.pattern().equals(builtIn.name()) ? builtIn.name() : builtIn.example();
            Network network = BuiltIns.network(spec).network();
            RescalingGroup group = RescalingGroup.of(network);
            return new Counted(
                    builtIn, spec, network.parameterCount(), group.liveness().liveCount(), group.rank());
        }

        String settings() {
            return builtIn.settings().entrySet().stream()
                    .map(setting -> setting.getKey() + "=" + setting.getValue())
                    .collect(Collectors.joining(", "));
        }
    }

    private record Listing(List<Counted> networks) implements Answer {
        @Override
        public void json(Json json) {
            json.objects(
                    "networks",
                    networks,
                    (out, n) -> out.put("name", n.builtIn().name())
                            .put("pattern", n.builtIn().pattern())
                            .put("description", n.builtIn().description())
                            .put("settings", settings -> n.builtIn().settings().forEach(settings::put))
                            .put("example", n.builtIn().example())
                            .put("network", n.spec())
                            .put("parameters", n.parameters())
                            .put("live", n.live())
                            .put("generators", n.generators()));
        }

        @Override
        public String text(Style style) {
            Table table = new Table("NETWORK", "COUNTED FOR", "PARAMETERS#", "LIVE#", "GENERATORS#");
            for (Counted n : networks) {
                table.row(n.builtIn().pattern(), n.spec(), n.parameters(), n.live(), n.generators())
                        .remark(n.builtIn().description())
                        .remark(n.settings());
            }
            return table.text(style);
        }
    }
}
