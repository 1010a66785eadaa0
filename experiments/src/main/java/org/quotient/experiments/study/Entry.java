package org.quotient.experiments.study;

/** A run with what it showed. */
public record Entry(Job job, Outcome outcome) {}
