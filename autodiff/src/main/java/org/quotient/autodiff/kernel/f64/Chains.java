package org.quotient.autodiff.kernel.f64;

import java.util.List;
import org.quotient.autodiff.kernel.Chain;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.RowWise;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;

/** Fused elementwise operations: block by block through a {@link Frame}. */
final class Chains {
    /** Numbers of a shard, at least. */
    private static final int LEAST_SHARD = 16_384;

    private static final int SHARDS = 16;

    private Chains() {}

    static List<Step> steps(Chain chain, List<Place> in, List<Place> out) {
        int shards = Math.clamp(chain.elements() / LEAST_SHARD, 1, SHARDS);
        RowPass rows = RowPass.of(chain, Space.of(chain, List.of()), in, out, shards);
        return List.of(rows == null ? Pass.of(chain, in, out, shards) : rows);
    }

    /** The same for a step that has so many shards and comes with some rows at a time. */
    static Rows rows(RowWise pass, int shards) {
        Chain chain = pass.chain();
        RowPass rows = RowPass.of(chain, Space.of(chain, List.of()), pass.in(), pass.out(), 1);
        if (rows != null && rows.rows() == chain.sizes().getFirst()) {
            return rows;
        }
        Pass all = Pass.of(chain, pass.in(), pass.out(), shards);
        int length = chain.elements() / chain.sizes().getFirst();
        return (shard, first, last, scratch) -> all.elements(shard, first * length, last * length, scratch);
    }

    /** A shard is a range of elements, cut at multiples of the block. */
    private record Pass(Space space, Frame[] frames, int elements) implements Step {
        static Pass of(Chain chain, List<Place> in, List<Place> out, int shards) {
            Space space = Space.of(chain);
            Frame[] frames = new Frame[shards];
            for (int s = 0; s < shards; s++) {
                frames[s] = new Frame(chain, space, in, out);
            }
            return new Pass(space, frames, chain.elements());
        }

        @Override
        public int shards() {
            return frames.length;
        }

        @Override
        public void run(int shard, Scratch scratch) {
            elements(shard, bound(shard), bound(shard + 1), scratch);
        }

        void elements(int shard, int first, int last, Scratch scratch) {
            Frame frame = frames[shard];
            frame.begin(last - first, scratch);
            int length = space.run();
            int at = first;
            while (at < last) {
                int run = at / length;
                int from = at - run * length;
                int n = Math.min(Math.min(Frame.BLOCK, length - from), last - at);
                frame.compute(run, from, n, at, scratch);
                at += n;
            }
        }

        private int bound(int shard) {
            return shard == frames.length
                    ? elements
                    : (int) ((long) elements * shard / frames.length / Frame.BLOCK * Frame.BLOCK);
        }
    }
}
