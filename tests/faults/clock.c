/* A clock of the day that is wrong by as many seconds as the file named by QUARTERDAY_TEST_CLOCK says. Loaded before all other
   libraries (LD_PRELOAD), it stands in for the C library's. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static _Atomic long wrong_by;
static _Atomic long looked_at_ms = -1000;

static long now_ms(void) {
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Looked up ten times a second at most. */
static long offset(void) {
    long now = now_ms();
    if (now - looked_at_ms >= 100) {
        looked_at_ms = now;
        const char *path = getenv("QUARTERDAY_TEST_CLOCK");
        int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        if (file >= 0) {
            char text[32] = {0};
            if (read(file, text, sizeof text - 1) > 0) wrong_by = atol(text);
            close(file);
        }
    }
    return wrong_by;
}

int clock_gettime(clockid_t id, struct timespec *at) {
    int done = (int)syscall(SYS_clock_gettime, id, at);
    if (done == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) at->tv_sec += offset();
    return done;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    (void)zone;
    struct timespec now;
    int done = clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return done;
}

time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}
