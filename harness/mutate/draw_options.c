/* draw_options: see draw.h. */
#include "mutate/draw.h"
#include "spec/option.h"

static uint32_t draw_value(struct draw *d)
{
    static const uint32_t edges[] = {
        3, 6, 7, 100, 127, 128, 255, 256, (uint32_t)-1, (uint32_t)-2, INT32_MAX};

    if (draw_one_in(d, 4))
        return draw_below(d, 70000);
    if (draw_one_in(d, 4))
        return draw_of(d, edges, sizeof edges / sizeof edges[0]);
    return draw_one_in(d, 3) ? draw_below(d, 3) : 1;
}

/* What recvmsg shows as ancillary data. */
static void draw_noting(struct draw *d)
{
    enum { NOTES = 6 };
    static const uint8_t notes[2][NOTES] = {
        {OPT_IP_PKTINFO, OPT_IP_RECVTTL, OPT_IP_RECVTOS, OPT_IP_RECVERR, OPT_SO_TIMESTAMP,
         OPT_SO_TIMESTAMPNS},
        {OPT_IPV6_RECVPKTINFO, OPT_IPV6_RECVHOPLIMIT, OPT_IPV6_RECVTCLASS, OPT_IPV6_RECVERR,
         OPT_SO_TIMESTAMP, OPT_SO_TIMESTAMPNS},
    };

    d->call->choice = notes[d->s->family == AF_INET6][draw_below(d, NOTES)];
    d->call->number = !draw_one_in(d, 8);
}

void draw_options(struct draw *d)
{
    enum { LONG_MS = 60000, FAVOURED = 4 };
    static const uint8_t favoured[2][FAVOURED] = {
        {OPT_SO_ERROR, OPT_SO_ERROR, OPT_SO_ACCEPTCONN, OPT_SO_LINGER},
        {OPT_SO_REUSEADDR, OPT_SO_REUSEPORT, OPT_SO_OOBINLINE, OPT_SO_LINGER},
    };
    struct call *call = d->call;
    bool sets = call->op == OP_setsockopt;
    size_t count;

    options(&count);
    call->choice = (uint8_t)draw_below(d, (unsigned)count);
    if (draw_one_in(d, 3)) /* what other calls depend on */
        call->choice = favoured[sets][draw_below(d, FAVOURED)];
    else if (draw_one_in(d, 2))
        call->choice = d->generator->leaning.option;
    if (sets)
        call->number = draw_value(d);
    if (sets && d->s->type == SOCK_DGRAM && draw_one_in(d, 3))
        draw_noting(d);
    if (sets && call->choice == OPT_TCP_USER_TIMEOUT && call->number < LONG_MS)
        call->number *= LONG_MS; /* what ends while a drill runs is not followed */
    if (!sets && draw_one_in(d, ODD_ONE_IN))
        call->number = 1 + draw_below(d, 20);
}
