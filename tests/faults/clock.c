/* A clock of the program's own, put in front of the C library's: the real one and as many seconds more or less as the file says whose
   name is in QUARTERDAY_TEST_CLOCK. Conditions that wait until an instant of that clock wait until that instant.
   It is for tests (see clock.rs); monotonic clocks stay as they are. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *seconds;

__attribute__((constructor)) static void open_clock(void) {
    const char *name = getenv("QUARTERDAY_TEST_CLOCK");
    int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *map = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (map != MAP_FAILED)
        seconds = map;
}

static int64_t shift(void) { return seconds ? *seconds : 0; }

int clock_gettime(clockid_t clock, struct timespec *now) {
    int failed = (int)syscall(SYS_clock_gettime, clock, now);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += shift();
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec precise;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &precise);
    now->tv_sec = precise.tv_sec;
    now->tv_usec = precise.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *seconds_now) {
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    if (seconds_now)
        *seconds_now = precise.tv_sec;
    return precise.tv_sec;
}

int timespec_get(struct timespec *now, int base) {
    clock_gettime(CLOCK_REALTIME, now);
    return base;
}

/* Conditions wait by the real clock unless they are told otherwise: the deadline is put back to it. */
static struct timespec put_back(const struct timespec *deadline) {
    struct timespec now, real = *deadline;
    syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    /* One of a monotonic clock is years away from any of the real one. */
    int64_t away = (int64_t)deadline->tv_sec - shift() - now.tv_sec;
    if (away > -10000000 && away < 10000000)
        real.tv_sec -= shift();
    return real;
}

int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict deadline) {
    static int (*original)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
    if (!original)
        original = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    struct timespec real = put_back(deadline);
    return original(condition, mutex, &real);
}

int cnd_timedwait(cnd_t *restrict condition, mtx_t *restrict mutex, const struct timespec *restrict deadline) {
    static int (*original)(cnd_t *, mtx_t *, const struct timespec *);
    if (!original)
        original = dlsym(RTLD_NEXT, "cnd_timedwait");
    struct timespec real = put_back(deadline);
    return original(condition, mutex, &real);
}
