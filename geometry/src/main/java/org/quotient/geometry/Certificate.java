package org.quotient.geometry;

import java.util.List;

/**
 * The evidence for live − rank B = rank A up to the free scales of normalisations: an upper bound from generators that are
 * symmetries, a lower bound from paths that are independent.
 *
 * @param lower an independent lower bound; 0 if none could be had
 * @param upper live parameters minus generators
 * @param proved whether the two meet
 * @param method how the lower bound was found, in words
 * @param primes the primes modulo which elimination ran; empty if none was needed
 * @param remark why it is not proved, naming the operation; empty if it is
 */
public record Certificate(long lower, long upper, boolean proved, String method, List<Integer> primes, String remark) {}
