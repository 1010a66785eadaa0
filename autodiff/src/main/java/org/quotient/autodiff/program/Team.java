package org.quotient.autodiff.program;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.kernel.Scratch;

/**
 * A fixed number of threads that work through phases together. The caller is one of them and takes shards like the others, so
 * that it never waits for a thread that the machine does not run, except for shards that such a thread has begun. Waiting is
 * a short spin, then parking: on a machine whose cores are busy nothing is burnt.
 */
final class Team implements AutoCloseable {
    private static final long SPIN_NANOS = 20_000;
    private static final long SHARD_MASK = 0xFFFF_FFFFL;

    /** Epoch of the current phase in the upper half, next free shard in the lower. */
    private final AtomicLong ticket = new AtomicLong(SHARD_MASK);

    private final AtomicInteger done = new AtomicInteger();
    private final Worker[] workers;
    private final Scratch scratch = new Scratch();
    private volatile @Nullable Phase phase;
    private volatile @Nullable Thread caller;
    private volatile @Nullable Throwable failure;
    private volatile boolean closed;

    Team(int threads) {
        workers = new Worker[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker();
            workers[i].setDaemon(true);
            workers[i].setName("quotient-worker-" + (i + 1));
            workers[i].start();
        }
    }

    /** Runs phases one after the other. */
    void run(List<Phase> phases) {
        for (int i = 0; i < phases.size(); i++) {
            Phase next = phases.get(i);
            if (workers.length == 0 || !next.worthwhile()) {
                for (int s = 0; s < next.shards(); s++) {
                    next.run(s, scratch);
                }
            } else {
                together(next);
            }
        }
    }

    private void together(Phase next) {
        long epoch = (ticket.get() >>> 32) + 1;
        done.set(0);
        // Closed first: a worker that still holds the ticket of the last phase must not take it for this one.
        ticket.set(epoch << 32 | SHARD_MASK);
        phase = next;
        ticket.set((epoch + 1) << 32);
        for (Worker worker : workers) {
            if (worker.parked) {
                LockSupport.unpark(worker);
            }
        }
        take(scratch);
        int shards = next.shards();
        if (done.get() < shards) {
            long until = System.nanoTime() + SPIN_NANOS;
            while (done.get() < shards && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            caller = Thread.currentThread();
            while (done.get() < shards) {
                LockSupport.parkNanos(this, 1_000_000);
            }
            caller = null;
        }
        Throwable thrown = failure;
        if (thrown != null) {
            failure = null;
            if (thrown instanceof RuntimeException told) {
                throw told;
            }
            throw new IllegalStateException("A thread of the program failed: " + thrown, thrown);
        }
    }

    /** Takes shards of the current phase until none is left. */
    private void take(Scratch own) {
        while (true) {
            long now = ticket.get();
            Phase current = phase;
            int shard = (int) (now & SHARD_MASK);
            if (current == null || shard < 0 || shard >= current.shards()) {
                return;
            }
            // The phase was read while this ticket was valid, if it still is: between two phases it is another one.
            if (ticket.compareAndSet(now, now + 1)) {
                int count = current.shards();
                try {
                    current.run(shard, own);
                } catch (Throwable t) {
                    failure = t;
                }
                if (done.incrementAndGet() == count) {
                    Thread waiting = caller;
                    if (waiting != null) {
                        LockSupport.unpark(waiting);
                    }
                }
            }
        }
    }

    /** Ends the threads. */
    @Override
    public void close() {
        closed = true;
        for (Worker worker : workers) {
            LockSupport.unpark(worker);
        }
    }

    private final class Worker extends Thread {
        private final Scratch own = new Scratch();
        private volatile boolean parked;

        @Override
        public void run() {
            long seen = ticket.get() >>> 32;
            while (!closed) {
                long until = System.nanoTime() + SPIN_NANOS;
                while (ticket.get() >>> 32 == seen && System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                while (ticket.get() >>> 32 == seen && !closed) {
                    parked = true;
                    if (ticket.get() >>> 32 == seen && !closed) {
                        LockSupport.park(this);
                    }
                    parked = false;
                }
                seen = ticket.get() >>> 32;
                take(own);
            }
        }
    }
}
