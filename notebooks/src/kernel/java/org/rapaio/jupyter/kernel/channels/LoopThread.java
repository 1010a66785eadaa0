package org.rapaio.jupyter.kernel.channels;

/**
 * Stands in for the class of this name in rapaio-jupyter-kernel 3.0.1, before whose jar it lies on the class path of the kernel's
 * process, and nowhere else. There, a thread is started first and said to be running after that; on a busy machine it often looks
 * before, ends at once, and the kernel never answers. Written anew from how it is used: a loop that sleeps between its rounds.
 */
public final class LoopThread extends Thread {
    private final long sleep;
    private final Runnable body;
    private volatile boolean running = true;

    /**
     * A thread that is not started yet.
     *
     * @param name of the thread
     * @param sleep milliseconds between rounds
     * @param body one round
     */
    public LoopThread(String name, long sleep, Runnable body) {
        super(name);
        this.sleep = sleep;
        this.body = body;
    }

    @Override
    public void run() {
        while (running) {
            body.run();
            if (sleep > 0) {
                try {
                    Thread.sleep(sleep);
                } catch (InterruptedException e) {
                    running = false;
                }
            }
        }
    }

    /** Ends the loop after this round. */
    public void shutdown() {
        running = false;
    }
}
