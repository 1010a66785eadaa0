package org.quotient.geometry.functional.sampling;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.functional.jacobian.Subject;
import org.quotient.geometry.functional.pattern.Kink;
import org.quotient.geometry.functional.pattern.Patterns;
import org.quotient.geometry.functional.pattern.Points;
import org.quotient.geometry.functional.regions.Region;

/** The decisive points of regions, with the masks that are known there. */
public final class RegionPoints {
    private RegionPoints() {}

    /**
     * The points of all regions.
     *
     * @param subject the network at θ
     * @param regions each with its masks
     */
    public static Patterns of(Subject subject, List<Region> regions) {
        List<BigFraction[]> points = new ArrayList<>();
        regions.forEach(r -> points.addAll(r.points()));
        List<Tensor> masks = new ArrayList<>();
        List<Kink> kinks = subject.masked().kinks();
        for (int k = 0; k < kinks.size(); k++) {
            Shape shape = kinks.get(k).mask().shape();
            if (!kinks.get(k).perSample()) {
                masks.add(Tensor.of(
                        shape,
                        regions.isEmpty()
                                ? new double[shape.elements()]
                                : regions.get(0).masks().get(k)));
                continue;
            }
            double[] all = new double[shape.bind(points.size()).elements()];
            int at = 0;
            for (Region region : regions) {
                double[] mask = region.masks().get(k);
                for (int i = 0; i < region.points().size(); i++) {
                    System.arraycopy(mask, 0, all, at, mask.length);
                    at += mask.length;
                }
            }
            masks.add(Tensor.of(shape.bind(points.size()), all));
        }
        int[] indices = new int[points.size()];
        java.util.Arrays.setAll(indices, i -> i);
        return new Patterns(
                Points.ofFractions(subject.model().network(), points), List.copyOf(masks), kinks, indices, 0, 0);
    }
}
