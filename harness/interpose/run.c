/* run: see run.h. */
#include "interpose/run.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interpose/interpose.h"
#include "interpose/play.h"
#include "stacks/model.h"

/* So often may time pass without anything else happening before nothing more is waited for. */
enum { JUMPS_MAX = 100 };

static sigjmp_buf way_out;
static unsigned jumps;
static int64_t rests_until; /* the remote */

static bool jump(int64_t until_us)
{
    clock_set(until_us);
    if (++jumps > JUMPS_MAX)
        interpose_end();
    return false;
}

/* The remote's next step, or the end of the code's wait, whichever comes first. */
static bool go_on(const struct model_wait *wait)
{
    bool limited = wait->limit_us >= 0;

    if (play_drain()) {
        jumps = 0;
        return true;
    }
    if (rests_until > clock_us()) {
        if (limited && wait->until_us <= rests_until)
            return jump(wait->until_us);
        clock_set(rests_until);
    }
    if (play_step()) {
        jumps = 0;
        return true;
    }
    if (!limited)
        interpose_end();
    return jump(wait->until_us);
}

/* What the remote waits for is that time passes. */
static bool code_waits(struct model_wait *wait)
{
    bool more;

    if (play_is_on()) {
        if (wait->limit_us > 0)
            rests_until = clock_us() + wait->limit_us;
        return false;
    }
    if (wait->until_us == 0)
        wait->until_us = clock_us() + wait->limit_us;
    interpose_inside = false;
    more = go_on(wait);
    interpose_inside = true;
    return more;
}

/*
 * Code that asks again and again instead of waiting has time pass, a millisecond each time. But
 * what fails again and again, and is called again, never comes to an end.
 */
static void code_idles(bool hopeless)
{
    enum { MS = 1000 };
    struct model_wait wait = {.limit_us = MS, .until_us = clock_us() + MS};

    if (play_is_on())
        return;
    interpose_inside = false;
    if (hopeless) {
        fprintf(stderr,
                "sockdrill: the code under test spins: its last %d calls moved nothing, "
                "and none of them waits\n",
                MODEL_HOPELESS_CALLS);
        abort();
    }
    go_on(&wait);
    interpose_inside = true;
}

_Noreturn void interpose_end(void)
{
    siglongjmp(way_out, 1);
}

/* A replaced function that does not come here would reach the system, and nobody would notice. */
static void probe(void)
{
    static bool done;
    int fd;

    if (done)
        return;
    interpose_inside = true;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    done = number_emulated(fd);
    close(fd);
    interpose_inside = false;
    numbers_reset();
    if (done)
        return;
    fprintf(stderr, "sockdrill: calls of code under test do not arrive in sockdrill: "
                    "link its interposed functions whole, before any sanitizer\n");
    exit(1);
}

/* All but the world. */
static void begin(const struct drill *drill)
{
    probe();
    model_waits = code_waits;
    model_idles = code_idles;
    numbers_reset();
    clock_reset();
    play_begin(drill);
    jumps = 0;
    rests_until = 0;
}

void interpose_begin(const struct drill *drill)
{
    model_reset();
    begin(drill);
}

bool interpose_run(void (*code)(void *context), void *context)
{
    volatile bool returned = false;

    if (sigsetjmp(way_out, 0) == 0) {
        interpose_inside = true;
        code(context);
        returned = true;
    }
    interpose_inside = false;
    return returned;
}

/* --- a server --- */

struct served {
    int (*server)(int);
    int fd;
};

static void serve(void *context)
{
    const struct served *served = context;

    served->server(served->fd);
}

static socklen_t loopback(int family, struct sockaddr_storage *name)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};

    if (family == AF_INET)
        memcpy(name, &in, sizeof in);
    else
        memcpy(name, &in6, sizeof in6);
    return family == AF_INET ? sizeof in : sizeof in6;
}

/* Both ends of a connection, the remote's first. */
static void connect_ends(int family, int ends[2])
{
    const struct sockdrill_stack *model = &sockdrill_stack_model;
    struct sockaddr_storage name;
    struct sockaddr *address = (struct sockaddr *)&name;
    socklen_t size = loopback(family, &name);
    int listener = model->socket(family, SOCK_STREAM, 0);

    model->bind(listener, address, size);
    model->listen(listener, 1);
    model->getsockname(listener, address, &size);
    ends[0] = model->socket(family, SOCK_STREAM, 0);
    model->connect(ends[0], address, size);
    ends[1] = model->accept(listener, NULL, NULL);
    model->close(listener);
}

void interpose_serve(int (*server)(int), const struct drill *drill, int family)
{
    static int ends[MODEL_PLACES][2]; /* each family's, once they have been connected */
    unsigned place = family == AF_INET ? 0 : 1;
    struct served served = {.server = server};

    begin(drill);
    if (ends[place][0] != ends[place][1]) {
        model_restore(place);
    } else {
        model_reset();
        connect_ends(family, ends[place]);
        model_save(place);
    }
    play_adopt(ends[place][0]);
    served.fd = number_given(ends[place][1]);
    interpose_run(serve, &served);
}
