package org.quotient.geometry.lifting;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.quotient.geometry.lifting.Summands.Factor;
import org.quotient.geometry.lifting.Summands.Summand;

/**
 * Walks through all paths, each backwards from its end, depth first. What is kept is the way so far, what the present path still
 * has to visit, and at each crossroads which summand comes next: as much as a path is long.
 */
final class PathWalk implements Iterator<Path> {
    private final Unrolled graph;
    private final Maker maker;
    private final Deque<Crossroads> crossroads = new ArrayDeque<>();
    private @Nullable Chain todo;
    private @Nullable Chain done;
    private @Nullable Ending end;
    private int position;
    private int element;

    /** A list that shares its tail: steps still to take, the next first, or steps taken, the last first. */
    private record Chain(Step head, @Nullable Chain tail) {}

    /** An element and the summand of it to take next. */
    private record Crossroads(
            int node,
            int element,
            int summand,
            @Nullable Chain rest,
            @Nullable Chain taken) {}

    /** An element where paths end. */
    record Ending(Unrolled.End tensor, int element) {}

    /** Makes a path of the steps from its beginning to its end. */
    interface Maker {
        Path make(List<Step> steps, Ending end);
    }

    PathWalk(Unrolled graph, Maker maker) {
        this.graph = graph;
        this.maker = maker;
        this.element = graph.ends().isEmpty() ? -1 : graph.ends().get(0).where().nextSetBit(0);
    }

    @Override
    public boolean hasNext() {
        return !crossroads.isEmpty() || element >= 0;
    }

    @Override
    public Path next() {
        if (!crossroads.isEmpty()) {
            Crossroads c = crossroads.pop();
            todo = c.rest;
            done = c.taken;
            take(c.node, c.element, c.summand);
        } else {
            begin();
        }
        while (todo != null) {
            Step step = todo.head;
            todo = todo.tail;
            if (step instanceof Step.Visit(int node, int at)) {
                visit(node, at);
            } else {
                done = new Chain(step, done);
            }
        }
        List<Step> steps = new ArrayList<>();
        for (Chain link = done; link != null; link = link.tail) {
            steps.add(link.head);
        }
        return maker.make(steps, Objects.requireNonNull(end));
    }

    /** Goes to the next element where paths end. */
    private void begin() {
        if (element < 0) {
            throw new NoSuchElementException("There are no more paths");
        }
        Unrolled.End tensor = graph.ends().get(position);
        end = new Ending(tensor, element);
        todo = new Chain(new Step.Visit(tensor.node(), element), null);
        done = null;
        element = tensor.where().nextSetBit(element + 1);
        if (element < 0 && ++position < graph.ends().size()) {
            element = graph.ends().get(position).where().nextSetBit(0);
        }
    }

    private void visit(int node, int at) {
        switch (graph.vertices(node)) {
            case Vertices.Source s -> done = new Chain(new Step.Begin(node, at), done);
            case Vertices.Parameter p -> done = new Chain(new Step.Edge(node, at), done);
            case Vertices.Constant c ->
                done = new Chain(new Step.Scale(c.value().get(at)), done);
            case Vertices.Sum s -> take(node, at, graph.next(node, at, 0));
        }
    }

    /** Takes a summand, and remembers the one after it. */
    private void take(int node, int at, int k) {
        Vertices.Sum sum = graph.sum(node);
        int after = graph.next(node, at, k + 1);
        if (after >= 0) {
            crossroads.push(new Crossroads(node, at, after, todo, done));
        }
        Summand summand = Objects.requireNonNull(sum.summands().of(at, k));
        if (sum.gated()) {
            done = new Chain(new Step.Gate(node, at, k), done);
        }
        if (summand.constant() != 1) {
            done = new Chain(new Step.Scale(summand.constant()), done);
        }
        push(node, summand);
    }

    /**
     * The factors of a summand before what is still to visit. Read from its beginning, a path shall come from its source, then
     * go through parameters; so they are visited the other way round, the parameters first.
     */
    private void push(int node, Summand summand) {
        List<Factor> branches = new ArrayList<>();
        List<Factor> edges = new ArrayList<>();
        for (Factor factor : summand.factors()) {
            (graph.sourced(node, factor) ? branches : edges).add(factor);
        }
        boolean tree = branches.size() > 1;
        if (tree) {
            todo = new Chain(Step.Branch.OPEN, todo);
        }
        for (int i = 0; i < branches.size(); i++) {
            todo = i > 0 ? new Chain(Step.Branch.TIMES, todo) : todo;
            todo = new Chain(towards(node, branches.get(i)), todo);
        }
        if (tree) {
            todo = new Chain(Step.Branch.CLOSE, todo);
        }
        for (Factor edge : edges) {
            todo = new Chain(towards(node, edge), todo);
        }
    }

    private Step towards(int node, Factor factor) {
        return new Step.Visit(graph.operand(node, factor), factor.element());
    }
}
