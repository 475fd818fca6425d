/*
 * interpose: the C library's functions for sockets and time, replaced in code under test. Elsewhere
 * each of them does what it always does. Private to harness/interpose, but for run.h.
 */
#ifndef SOCKDRILL_INTERPOSE_INTERPOSE_H
#define SOCKDRILL_INTERPOSE_INTERPOSE_H

#include <aio.h>
#include <dirent.h>
#include <mqueue.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <termios.h>
#include <threads.h>
#include <time.h>

struct file_handle;
struct gaicb;

/* How scandirat is told which entries, and in which order. */
typedef int scandir_select(const struct dirent *entry);
typedef int scandir_order(const struct dirent **one, const struct dirent **other);

/* The C library's own functions, or a sanitizer's that stand before them. */
struct real {
/* NOLINTBEGIN(bugprone-macro-parentheses): what is a type has none */
#define OWN(type, name, parameters) type(*name) parameters;
#define REFUSED(type, name, parameters, ...) type(*name) parameters;
#define UNSUPPORTED(type, name, parameters, ...) type(*name) parameters;
#define SAID(type, name, parameters, ...) type(*name) parameters;
#include "lists/interposed.def"
    /* NOLINTEND(bugprone-macro-parentheses) */
};

/* real returns them. */
const struct real *real(void);

/* interpose_probe ends the process if a call of code under test would not arrive here. */
void interpose_probe(void);

/* Whether this thread runs code under test, and neither the engine nor what stands in for it. */
extern _Thread_local bool interpose_inside __attribute__((tls_model("initial-exec")));

/*
 * INTERPOSED begins the definition of a function that the list names. Its name is that of the C
 * library only to the linker, whose headers declare some otherwise; by another name it is found
 * where that has become another's.
 */
#define INTERPOSED(type, name, parameters)                                                         \
    type interposed_##name parameters __asm__(#name) __attribute__((visibility("default")));       \
    extern __typeof(interposed_##name) own_##name __asm__("sockdrill_own_" #name)                  \
        __attribute__((alias(#name), visibility("hidden")));                                       \
    type interposed_##name parameters

/* --- descriptors --- */

/* Emulated descriptors are numbered from here, where the system's are not; select takes them, but
 * for those beyond FD_SETSIZE, which only an answer gives. */
enum { EMULATED_MIN = 512, NUMBERS = 2048 };

/* The model's descriptor behind each number, plus 1; 0 for none. */
extern int16_t interpose_numbers[NUMBERS];

/* number_emulated tells whether code under test means an emulated descriptor by a number. */
static inline bool number_emulated(int fd)
{
    return interpose_inside && fd >= 0 && fd < NUMBERS && interpose_numbers[fd] != 0;
}

/* number_model returns the model's descriptor behind an emulated number. */
static inline int number_model(int fd)
{
    return interpose_numbers[fd] - 1;
}

/* number_set says which descriptor of the model's a number means; -1 for none. */
void number_set(int number, int model_fd);

/* numbers_reset forgets all. */
void numbers_reset(void);

/* number_given gives a number to a descriptor of the model's, or passes -1 on. */
int number_given(int model_fd);

/* interpose_lacks says once that code under test did what cannot be emulated; -1, and ENOSYS. */
int interpose_lacks(const char *what);

/* interpose_says says once what becomes of something that code under test did. */
void interpose_says(const char *what, const char *becomes);

/* How many instances of epoll have one of the system's beside them. */
extern unsigned epolls_besides;

/* epolls_forget_closed and epolls_reset close those of closed instances, and all. */
void epolls_forget_closed(void);
void epolls_reset(void);

/* --- the caller's memory --- */

/*
 * memory_read and memory_written check what a call is to read and may write, all of it, where a
 * sanitizer is linked; the report names the call that was given too little.
 */
void memory_read(const void *data, size_t size);
void memory_written(void *data, size_t size);
void memory_parts_read(const struct iovec *parts, int count);
void memory_parts_written(const struct iovec *parts, int count);
void memory_message_read(const struct msghdr *message);
void memory_message_written(const struct msghdr *message);
void memory_messages_read(struct mmsghdr *messages, unsigned count);
void memory_messages_written(struct mmsghdr *messages, unsigned count);

/* --- time --- */

/* clock_us returns the time that has passed since the run began. */
int64_t clock_us(void);

/* clock_set makes it later. */
void clock_set(int64_t us);

/* clock_base_us returns what a clock shows when a run begins. */
int64_t clock_base_us(clockid_t clock);

/* time_us returns a time, rounded up; time_of_us makes one. */
int64_t time_us(const struct timespec *time);
struct timespec time_of_us(int64_t us);

/* time_ms returns a time for poll, rounded up; time_is_none tells whether it is no time. */
int time_ms(const struct timespec *time);
bool time_is_none(const struct timespec *time);

/* clock_reset begins a run. */
void clock_reset(void);

/* --- timers --- */

#define TIME_NEVER INT64_MAX

/* How many there are. */
extern unsigned timers_open;

/* timer_is tells whether code under test means a timer by a number. */
bool timer_is(int fd);

/* timers_due returns when the next one expires, TIME_NEVER if none is set. */
int64_t timers_due(void);

/* timers_fire has those expire whose time has come. */
void timers_fire(void);

/*
 * timers_await waits until a timer has expired, if its descriptor waits; any other does not. False,
 * and EINTR, when a signal has come instead.
 */
bool timers_await(int fd);

/* timers_copied and timers_closed say what became of descriptors of the system's. */
void timers_copied(int fd, int copy);
void timers_closed(int first, int last);

/* timers_reset closes all. */
void timers_reset(void);

/* --- alarms: timers that send signals --- */

/* alarms_due returns when the next signal is sent, TIME_NEVER if none is to be. */
int64_t alarms_due(void);

/*
 * alarms_ring sends the signals whose time has come, to this thread, which is code under test.
 * Returns whether a handler has run that ends a wait; one with SA_RESTART does not, if the call
 * restarts.
 */
bool alarms_ring(bool restarts);

/* alarms_reset sets none. */
void alarms_reset(void);

/*
 * mask_begin lets in what a wait with a mask of its own lets in, which mask_end ends; a signal that
 * was held back has come at once, of which mask_begin returns true.
 */
struct mask {
    bool changed;
    sigset_t before;
};
bool mask_begin(struct mask *mask, const sigset_t *during);
void mask_end(const struct mask *mask);

#endif
