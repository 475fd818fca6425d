/* program: see program.h. */
#include "interpose/program.h"

#include <unistd.h>

#include "interpose/interpose.h"
#include "interpose/peer.h"
#include "interpose/run.h"
#include "stacks/model.h"

bool program_is;

static const struct drill *(*drill_comes)(void);
static void (*run_ends)(void);
static bool has_come;

static void come(void)
{
    bool inside = interpose_inside;

    if (has_come)
        return;
    has_come = true;
    interpose_inside = false;
    interpose_take_up(drill_comes());
    interpose_inside = inside;
}

/* Whether the program has a socket that somebody could reach. */
static bool is_reachable(void)
{
    const struct world *w = model_world();

    for (uint32_t i = 0; i < w->sock_count; i++)
        if (w->socks[i].descriptors > 0 && (w->socks[i].bound || w->socks[i].has_remote))
            return true;
    return false;
}

/* A start may sleep, too. */
static bool first_wait(struct model_wait *wait)
{
    if (wait->limit_us >= 0 && !is_reachable()) {
        clock_set(clock_us() + wait->limit_us);
        wait->interrupted = alarms_ring(false);
        return false;
    }
    come();
    wait->until_us = 0;
    return model_waits(wait);
}

static void first_idle(bool hopeless)
{
    (void)hopeless;
    if (is_reachable())
        come();
    else
        clock_set(clock_us() + 1000);
}

void program_begin(const struct drill *(*comes)(void), void (*ends)(void))
{
    static struct drill nothing;

    interpose_begin(&nothing);
    drill_comes = comes;
    run_ends = ends;
    model_waits = first_wait;
    model_idles = first_idle;
    model_is_privileged = true; /* as those who start servers are */
    program_is = true;
}

static bool is_served(const struct sockaddr *address, socklen_t length)
{
    const struct world *w = model_world();
    struct sockaddr_storage name;
    const struct sockaddr_in *in = (const struct sockaddr_in *)address;

    for (uint32_t i = 0; i < w->sock_count; i++) {
        socklen_t size = sizeof name;

        if (w->socks[i].descriptors == 0 || !w->socks[i].bound)
            continue;
        model_name(&w->socks[i].local, w->socks[i].family, (struct sockaddr *)&name, &size);
        if (length >= sizeof *in && ((struct sockaddr_in *)&name)->sin_port == in->sin_port)
            return true;
    }
    return false;
}

void program_meets(int model_fd, const struct sockaddr *address, socklen_t length)
{
    const struct sock *s = world_sock(model_world(), model_fd);

    if (s == NULL || (address->sa_family != AF_INET && address->sa_family != AF_INET6))
        return;
    come();
    if (s->type == SOCK_STREAM && s->state != SOCK_LISTENING && !is_served(address, length)) {
        interpose_inside = false;
        peer_serve(address, length);
        interpose_inside = true;
    }
}

void program_says_end(void)
{
    interpose_inside = false;
    run_ends();
}

_Noreturn void program_ends(void)
{
    program_says_end();
    _exit(0);
}
