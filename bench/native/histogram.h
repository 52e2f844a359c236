/*
 * Latencies in a log-linear histogram: 128 steps in each power of two, so a quantile is off by
 * less than 0.8 %. Fixed size, one increment per value. Nanoseconds in, nanoseconds out.
 */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>
#include <string.h>

enum { HISTOGRAM_STEP_BITS = 7, HISTOGRAM_STEPS = 1 << HISTOGRAM_STEP_BITS };

struct histogram {
  uint64_t total;
  uint64_t counts[64 * HISTOGRAM_STEPS];
};

static void histogram_reset(struct histogram *histogram) {
  memset(histogram, 0, sizeof *histogram);
}

static void histogram_add(struct histogram *histogram, uint64_t nanos) {
  size_t index = nanos;
  if (nanos >= HISTOGRAM_STEPS) {
    int shift = 63 - __builtin_clzll(nanos) - HISTOGRAM_STEP_BITS;
    index = (size_t)(shift + 1) * HISTOGRAM_STEPS + ((nanos >> shift) & (HISTOGRAM_STEPS - 1));
  }
  histogram->counts[index]++;
  histogram->total++;
}

static uint64_t histogram_value_at(size_t index) {
  if (index < HISTOGRAM_STEPS) return index;
  size_t shift = index / HISTOGRAM_STEPS - 1;
  return (uint64_t)(HISTOGRAM_STEPS + index % HISTOGRAM_STEPS) << shift;
}

/* The value that `share` (0 to 1) of all values do not exceed; 0 when there are none. */
static uint64_t histogram_quantile(const struct histogram *histogram, double share) {
  uint64_t rank = (uint64_t)(share * (double)histogram->total);
  uint64_t seen = 0;
  for (size_t index = 0; index < 64 * HISTOGRAM_STEPS; index++) {
    seen += histogram->counts[index];
    if (seen > rank) return histogram_value_at(index);
  }
  return 0;
}

#endif
