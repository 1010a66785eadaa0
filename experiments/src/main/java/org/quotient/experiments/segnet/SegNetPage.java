package org.quotient.experiments.segnet;

import java.io.IOException;
import org.quotient.experiments.Numbers;
import org.quotient.experiments.ResultFolder;
import org.quotient.experiments.segnet.SegNetStudy.Results;
import org.quotient.experiments.study.Cells;
import org.quotient.experiments.study.Machine;
import org.quotient.experiments.study.Measure;
import org.quotient.experiments.study.Part;
import org.quotient.experiments.study.Section;
import org.quotient.experiments.study.TunedTable;
import org.quotient.experiments.study.TunedTable.Column;

/** The page of the experiment. */
public final class SegNetPage {
    /** Less is better for a measure. */
    private static final Measure MISSED = Measure.percent("IoU error", o -> 100 * (1 - o.meanIou()), 100);

    private final Results results;

    private SegNetPage(Results results) {
        this.results = results;
    }

    /** Page, plots and numbers. */
    public static ResultFolder of(Results results) throws IOException {
        SegNetPage page = new SegNetPage(results);
        ResultFolder folder = new ResultFolder().add("README.md", page.text());
        for (Part part : results.parts()) {
            page.section(part).drawAll(folder);
        }
        return folder.json("results.json", results);
    }

    private Section section(Part part) {
        return Section.of(part.contest(), results.tuned(part));
    }

    /** A run that diverged counts as a network that always says the commonest class. */
    private Measure error() {
        return Measure.percent("error of pixels", o -> 100 * (1 - o.testAccuracy()), 100 * (1 - results.commonest()));
    }

    private String note(Part part) {
        return results.settings().parts().stream()
                .filter(s -> s.contest().equals(part.contest()) && !s.note().isEmpty())
                .map(s -> s.note() + "\n\n")
                .findFirst()
                .orElse("");
    }

    private String text() {
        StringBuilder out = new StringBuilder(
                """
                # Unit norms on road scenes

                Written by `experiments/run segnet --data FOLDER`. Every run is in [results.json](results.json), with all digits in
                [runs.jsonl](runs.jsonl).

                Badrinarayanan, Mishra and Cipolla 2015 train SegNet with one of their symmetry-invariant updates. Here UN, rows of unit norm,
                stands against plain SGD on a small SegNet, with the same rates to choose among.

                - Data: %s.
                - Network: encoder of convolutions 3 by 3 with max pools, decoder with *max unpooling*: each value goes back to the place of
                  the maximum. It is made of the operations that are there (the pooled value, upsampled, times whether a pixel is the
                  maximum), so the scales of all channels are found from the graph and UN needs nothing of its own. Weights after
                  He et al. 2015.
                - Loss: cross-entropy over the pixels that have a class, void left out, **without class weights**; no momentum, no decay, no
                  augmentation. Scores leave void out too: accuracy of pixels; the mean over classes of intersection over union of the whole
                  test part, classes that are neither there nor predicted left out. *IoU error* is 100 %% less that.
                - The rate with the least last validation loss is taken. The grid was set after a first look at one epoch, seed 0.
                - To say the commonest class everywhere gives %s %% of the pixels.
                - The test part is looked at once, at the end of each reported run. A run *diverged* if a loss was not finite, or the
                  mean loss of its last epoch is above twice the first loss.
                - Machine: %s.

                **Deviations** from SegNet and its CamVid protocol: two levels, with pools of 2 and 3 so that 90 rows divide, instead
                of five of 2; one convolution a level instead of two or three, a few channels, not trained before; pictures of 120 by
                90 instead of 480 by 360; no median frequency balancing; a few epochs without momentum instead of 40,000 steps with
                0.9. Where the maximum was is taken before the ReLU: this differs from SegNet only in windows where all is
                negative. Scores are not comparable with published ones.

                """.formatted(results.description(), Numbers.fixed(100 * results.commonest(), 1), Machine.text()));
        out.append("## What one sees\n\n");
        for (Part part : results.parts()) {
            Section section = section(part);
            out.append("- ")
                    .append(section.always(error()))
                    .append("\n- ")
                    .append(section.always(MISSED))
                    .append('\n')
                    .append(section.luck());
        }
        out.append("\nOf methods that are alike one in four is ahead, or behind, on all of three seeds by chance.\n\n");
        for (Part part : results.parts()) {
            out.append(partText(part));
        }
        return out.toString();
    }

    private String partText(Part part) {
        Section section = section(part);
        return section.title() + part.contest().network() + ", " + part.parameters() + " parameters, " + part.group()
                + " free scales; " + part.contest().text() + ".\n\n"
                + note(part)
                + TunedTable.of(
                        section.tuned(),
                        Column.trainLoss(),
                        new Column(
                                "pixel accuracy in %", runs -> Cells.deviation(runs, o -> 100 * o.testAccuracy(), 2)),
                        new Column("mean IoU in %", runs -> Cells.deviation(runs, o -> 100 * o.meanIou(), 2)))
                + "Mean ± standard deviation, or median (range), over seeds; of the test part.\n\n"
                + section.picture("training-loss", "Training loss")
                + section.picture("validation-error", "Error of pixels, validation part")
                + section.picture("rates", "Validation loss against the learning rate")
                + section.reading(error())
                + section.comparisons(MISSED)
                + "\n";
    }
}
