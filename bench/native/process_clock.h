/*
 * CPU time of other processes: the kernel's per-process clock, nanoseconds, all threads (also
 * those that have ended), user and system together.
 */
#ifndef PROCESS_CLOCK_H
#define PROCESS_CLOCK_H

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

static uint64_t process_cpu_nanos(const pid_t *pids, int count) {
  uint64_t sum = 0;
  for (int index = 0; index < count; index++) {
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(pids[index], &clock) != 0 || clock_gettime(clock, &time) != 0) continue;
    sum += (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
  }
  return sum;
}

static uint64_t now_nanos(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

#endif
