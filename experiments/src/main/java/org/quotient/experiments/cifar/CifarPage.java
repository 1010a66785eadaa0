package org.quotient.experiments.cifar;

import java.io.IOException;
import org.quotient.experiments.Numbers;
import org.quotient.experiments.ResultFolder;
import org.quotient.experiments.cifar.CifarStudy.Results;
import org.quotient.experiments.study.Machine;
import org.quotient.experiments.study.Measure;
import org.quotient.experiments.study.Method;
import org.quotient.experiments.study.Part;
import org.quotient.experiments.study.Section;
import org.quotient.experiments.study.Tuned;
import org.quotient.experiments.study.TunedTable;
import org.quotient.experiments.study.TunedTable.Column;

/** The page of the experiment. */
public final class CifarPage {
    private static final Measure MEASURE = Measure.testError();

    private final Results results;

    private CifarPage(Results results) {
        this.results = results;
    }

    /** Page, plots and numbers. */
    public static ResultFolder of(Results results) throws IOException {
        CifarPage page = new CifarPage(results);
        ResultFolder folder = new ResultFolder().add("README.md", page.text());
        for (Part part : results.parts()) {
            Section section = page.section(part);
            section.draw(folder);
            section.drawErrors(folder);
        }
        return folder.json("results.json", results);
    }

    private Section section(Part part) {
        return Section.of(part.contest(), results.tuned(part))
                .labelled(
                        name -> name.replace("SGD, skeleton start", "skeleton").replace(" + SGD", ""));
    }

    private String text() {
        StringBuilder out = new StringBuilder("""
                # Convolutional networks on CIFAR-10

                Written by `experiments/run cifar --data FOLDER`. Every run is in [results.json](results.json), with all digits in
                [runs.jsonl](runs.jsonl).

                Does an update that respects rescaling, or a start that does, learn pictures better than SGD or Adam, when every method
                may choose its learning rate?

                - Data: %s%s. The test part is looked at once, at the end of each reported run.
                - Cross-entropy, no momentum, no decay, no augmentation; weights as PyTorch draws them. Every method begins with the weights
                  of the seed and sees the same order of samples, but for the skeleton's start, which is another function.
                - Every method may try as many rates; the one with the least last validation loss is taken. Where a grid lies was found by
                  a first look at 100 steps on seed 0 and the validation part; it was not changed after.
                - A run *diverged* if a loss was not finite, or the mean loss of its last epoch is above twice the first loss.
                - With batch normalisation the path graph is cut at each: Path-SGD, G-SGD and PathCond see the pieces between one by one.
                - G-SGD is as published: index rule, weights of the skeleton set to 1 at the start. The *skeleton start* is SGD from those weights.
                - Machine: %s.

                **Deviations** from the protocol of Meng et al.: a small part of CIFAR-10%s, from training batches 1 and 2 of 5; networks of 5 and 18 layers
                instead of 34, the residual one with a sixteenth of the channels; a few epochs instead of 160, the rate cut to
                a tenth at a half and about three quarters of them as there; no crops and flips; rates tuned instead of 1.0; three seeds and
                one to choose by. Path-SGD and Adam are not of that protocol. Errors here say which update is faster in a
                few hundred steps, not where training ends.

                """.formatted(
                        results.settings().data().text(),
                        results.settings().halved() ? ", pictures halved to 16 by 16 by means of 2 by 2 pixels" : "",
                        Machine.text(),
                        results.settings().halved() ? " at half the resolution" : ""));
        out.append("## What one sees\n\n");
        for (Part part : results.parts()) {
            out.append("- ").append(section(part).always(MEASURE)).append('\n');
        }
        out.append(
                "\nOf methods that are alike one in four is ahead, or behind, on all of three seeds by chance; compare the spreads below.\n\n");
        for (Part part : results.parts()) {
            out.append(partText(part));
        }
        return out.toString();
    }

    private String partText(Part part) {
        Section section = section(part);
        return section.title() + "`" + part.contest().network() + "`, " + part.parameters() + " parameters, "
                + part.group()
                + " of which (" + Numbers.two(100.0 * part.group() / part.parameters())
                + " %) are of no effect modulo rescaling; " + part.contest().text() + ".\n\n"
                + TunedTable.of(section.tuned(), Column.trainLoss(), Column.testError())
                + "Mean ± standard deviation, or median (range), over seeds.\n\n"
                + section.picture("training-loss", "Training loss")
                + section.picture("validation-error", "Validation error")
                + section.picture("rates", "Validation loss against the learning rate")
                + section.reading(MEASURE)
                + pairs(section.tuned())
                + "\nRuns that diverged count as 90 %.\n\n";
    }

    /** The comparisons that ask about one thing at a time. */
    private static String pairs(Tuned tuned) {
        return "- The update without its start: "
                + tuned.against(method(tuned, "G-SGD"), method(tuned, "SGD, skeleton start"), MEASURE)
                + "\n- The frame: " + tuned.against(method(tuned, "frame-Adam"), method(tuned, "Adam"), MEASURE) + "\n";
    }

    private static Method method(Tuned tuned, String name) {
        return tuned.methods().stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
