/*
 * WritevBenchmark's loop in C: `cc -O2 -o writev writev.c && ./writev DIRECTORY` prints, for each batch, nanoseconds a call.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { EVENT = 256, FILE_MAX = 64 << 20, BATCH_MAX = 1024, WARMUP_SECONDS = 2, SECONDS = 3 };

static char path[4096];
static struct iovec iovecs[BATCH_MAX];
static int fd = -1;
static long size;

static void empty(void) {
    if (fd >= 0) close(fd);
    fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (fd < 0) { perror(path); exit(1); }
    size = 0;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

/* Nanoseconds a call. The clock is read once in 64 calls, because a call is hardly slower than reading it. */
static double run(int batch, double seconds) {
    const double start = now();
    double spent;
    long calls = 0;
    do {
        for (int i = 0; i < 64; i++) {
            const ssize_t written = writev(fd, iovecs, batch);
            if (written != (ssize_t) batch * EVENT) { perror("writev"); exit(1); }
            if ((size += written) > FILE_MAX) empty();
        }
        calls += 64;
        spent = now() - start;
    } while (spent < seconds * 1e9);
    return spent / calls;
}

int main(int argc, char **argv) {
    snprintf(path, sizeof path, "%s/writev-c.log", argc > 1 ? argv[1] : ".");
    for (int i = 0; i < BATCH_MAX; i++) iovecs[i] = (struct iovec) {calloc(1, EVENT), EVENT};
    empty();
    for (int batch = 1; batch <= BATCH_MAX; batch *= 4) {
        run(batch, WARMUP_SECONDS);
        printf("%d %.0f\n", batch, run(batch, SECONDS));
    }
    return unlink(path);
}
