/*
 * signals: a handler that the engine has installed is the engine's wherever it interrupts.
 * libFuzzer's looks at the clock to find out how long a run has taken.
 */
#include <errno.h>

#include "interpose/interpose.h"

/* What the engine has asked for, of each signal whose handler stands in for its own. */
static struct sigaction asked[NSIG];

static void handle(int signal, siginfo_t *info, void *context)
{
    bool inside = interpose_inside;

    interpose_inside = false;
    if (asked[signal].sa_flags & SA_SIGINFO)
        asked[signal].sa_sigaction(signal, info, context);
    else
        asked[signal].sa_handler(signal);
    interpose_inside = inside;
}

static bool has_handler(const struct sigaction *action)
{
    return (action->sa_flags & SA_SIGINFO) ||
           (action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN);
}

INTERPOSED(int, sigaction, (int signal, const struct sigaction *action, struct sigaction *old))
{
    struct sigaction before;
    struct sigaction stands_in;
    int result;

    if (interpose_inside || signal <= 0 || signal >= NSIG)
        return real()->sigaction(signal, action, old);
    before = asked[signal];
    if (action != NULL && has_handler(action)) {
        stands_in = *action;
        stands_in.sa_flags |= SA_SIGINFO;
        stands_in.sa_sigaction = handle;
        asked[signal] = *action;
        result = real()->sigaction(signal, &stands_in, old);
    } else {
        result = real()->sigaction(signal, action, old);
    }
    if (result == 0 && old != NULL && (old->sa_flags & SA_SIGINFO) && old->sa_sigaction == handle)
        *old = before;
    if (result != 0)
        asked[signal] = before;
    return result;
}
