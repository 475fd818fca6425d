/*
 * epoll: instances that watch emulated descriptors are the model's. Those that watch others too
 * have an instance of the system's beside them, which is asked without waiting.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "interpose/interpose.h"
#include "stacks/model.h"

/* The system's instance of each of the model's, plus 1; 0 for none. */
static int besides[EPOLLS_MAX];
unsigned epolls_besides;

static int *beside(int instance)
{
    uint16_t index = world_epoll(model_world(), number_model(instance));

    return index == NO_EPOLL ? NULL : &besides[index];
}

static void leave(int *place)
{
    real()->close(*place - 1);
    *place = 0;
    epolls_besides--;
}

void epolls_forget_closed(void)
{
    for (unsigned i = 0; i < EPOLLS_MAX && epolls_besides > 0; i++)
        if (besides[i] != 0 &&
            (i >= model_world()->epoll_count || model_world()->epolls[i].descriptors == 0))
            leave(&besides[i]);
}

void epolls_reset(void)
{
    for (unsigned i = 0; i < EPOLLS_MAX && epolls_besides > 0; i++)
        if (besides[i] != 0)
            leave(&besides[i]);
}

INTERPOSED(int, epoll_create1, (int flags))
{
    if (!interpose_inside)
        return real()->epoll_create1(flags);
    return number_given(sockdrill_stack_model.epoll_create1(flags));
}

INTERPOSED(int, epoll_create, (int size))
{
    if (!interpose_inside)
        return real()->epoll_create(size);
    if (size <= 0) {
        errno = EINVAL;
        return -1;
    }
    return number_given(sockdrill_stack_model.epoll_create1(0));
}

/* The system judges what the call is given, as it does for an instance of its own. */
static int control_other(int instance, int command, int fd, struct epoll_event *event)
{
    int *place = beside(instance);

    if (place == NULL) {
        errno = real()->fcntl(fd, F_GETFD) >= 0 ? EINVAL : EBADF;
        return -1;
    }
    if (*place == 0) {
        int new = real()->epoll_create1(EPOLL_CLOEXEC);

        if (new < 0)
            return -1;
        *place = new + 1;
        epolls_besides++;
    }
    return real()->epoll_ctl(*place - 1, command, fd, event);
}

INTERPOSED(int, epoll_ctl, (int instance, int command, int fd, struct epoll_event *event))
{
    if (!number_emulated(instance))
        return real()->epoll_ctl(instance, command, fd, event);
    if (command != EPOLL_CTL_DEL)
        memory_read(event, sizeof *event);
    if (!number_emulated(fd))
        return control_other(instance, command, fd, event);
    return sockdrill_stack_model.epoll_ctl(number_model(instance), command, number_model(fd),
                                           event);
}

/* Both by turns, the other first each time, so that neither fills what there is room for alone. */
static int look_at_both(int instance, int other, struct epoll_event *events, int count)
{
    static bool other_first;
    int found[2] = {0, 0};

    other_first = !other_first;
    for (int turn = 0; turn < 2; turn++) {
        bool is_other = (turn == 0) == other_first;
        int done = found[0];

        if (turn == 1 && done == count)
            break;
        found[turn] = is_other ? real()->epoll_wait(other, events + done, count - done, 0)
                               : sockdrill_stack_model.epoll_wait(number_model(instance),
                                                                  events + done, count - done, 0);
        if (found[turn] < 0)
            return found[0] > 0 ? found[0] : -1;
    }
    return found[0] + found[1];
}

static int wait_for_both(int instance, int other, struct epoll_event *events, int count,
                         int timeout_ms)
{
    struct model_wait wait = {.limit_us = timeout_ms < 0 ? -1 : (int64_t)timeout_ms * 1000};
    int found;

    do
        found = look_at_both(instance, other, events, count);
    while (found == 0 && timeout_ms != 0 && model_waits(&wait));
    return model_or_interrupted(found, &wait);
}

static int wait_for_any(int instance, struct epoll_event *events, int count, int timeout_ms)
{
    const int *place = epolls_besides > 0 ? beside(instance) : NULL;

    if (count > 0)
        memory_written(events, (size_t)count * sizeof *events);
    if (place != NULL && *place != 0 && count > 0)
        return wait_for_both(instance, *place - 1, events, count, timeout_ms);
    return sockdrill_stack_model.epoll_wait(number_model(instance), events, count, timeout_ms);
}

static int wait_for(int instance, struct epoll_event *events, int count, int timeout_ms,
                    const sigset_t *mask)
{
    struct mask during;
    int ready;

    if (mask_begin(&during, mask))
        return -1;
    ready = wait_for_any(instance, events, count, timeout_ms);
    mask_end(&during);
    return ready;
}

INTERPOSED(int, epoll_wait, (int instance, struct epoll_event *events, int count, int timeout_ms))
{
    if (!number_emulated(instance))
        return real()->epoll_wait(instance, events, count, timeout_ms);
    return wait_for(instance, events, count, timeout_ms, NULL);
}

INTERPOSED(int, epoll_pwait,
           (int instance, struct epoll_event *events, int count, int timeout_ms,
            const sigset_t *mask))
{
    if (!number_emulated(instance))
        return real()->epoll_pwait(instance, events, count, timeout_ms, mask);
    return wait_for(instance, events, count, timeout_ms, mask);
}

INTERPOSED(int, epoll_pwait2,
           (int instance, struct epoll_event *events, int count, const struct timespec *timeout,
            const sigset_t *mask))
{
    if (!number_emulated(instance))
        return real()->epoll_pwait2(instance, events, count, timeout, mask);
    if (time_is_none(timeout)) {
        errno = EINVAL;
        return -1;
    }
    return wait_for(instance, events, count, time_ms(timeout), mask);
}
