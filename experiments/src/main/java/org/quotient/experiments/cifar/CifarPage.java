package org.quotient.experiments.cifar;

import java.io.IOException;
import org.quotient.experiments.Numbers;
import org.quotient.experiments.ResultFolder;
import org.quotient.experiments.Table;
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

    /** A difference of errors that running statistics which follow do not show. */
    private static final double FAR = 0.1;

    private final Results results;

    private CifarPage(Results results) {
        this.results = results;
    }

    /** Page, plots and numbers. */
    public static ResultFolder of(Results results) throws IOException {
        CifarPage page = new CifarPage(results);
        ResultFolder folder = new ResultFolder().add("README.md", page.text());
        for (Part part : results.parts()) {
            page.section(part).drawAll(folder);
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
        return out.append(looks()).toString();
    }

    /** Where the running statistics did not follow. */
    private String looks() {
        StringBuilder out = new StringBuilder();
        for (StatisticsLook look : results.looks()) {
            if (look.most() <= FAR) {
                continue;
            }
            Table table = new Table(
                    "epoch",
                    "training loss",
                    "validation error in %, running statistics",
                    "the same, statistics taken anew",
                    "steps in which the guard held",
                    "most in a row");
            int number = 0;
            for (StatisticsLook.Epoch e : look.epochs()) {
                table.add(
                        ++number,
                        Numbers.fixed(e.trainLoss(), 2),
                        Numbers.fixed(100 * e.running(), 1),
                        Numbers.fixed(100 * e.anew(), 1),
                        e.guarded(),
                        e.inARow());
            }
            out.append("""
                    ## Why the validation error of %s jumps: %s

                    Seed %d at the rate %s made again; after each epoch the validation part is scored with the running statistics of the
                    normalisations, and with statistics taken anew in two passes over the training part without a step. At this rate
                    paths within the skeleton come to 0, where these coordinates end. The guard lets a step leave a tenth of such a path: its
                    outgoing weights grow tenfold, step after step, and those before a normalisation change the scale of what that reads by
                    orders of magnitude. Training, by the statistics of each batch, does not feel it, and the weights are no worse.
                    Running means and variances follow by a tenth per step and remember the largest for long. It is not the weights that the errors near 90 %%
                    show; they pass when the rate is cut and the guard rests.

                    """.formatted(look.method(), look.part(), look.seed(), Numbers.two(look.rate())))
                    .append(table);
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
