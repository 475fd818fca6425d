/* option_rules: what holds of each option. Sources: POSIX.1-2017 XSH 2.10.16; socket(7), tcp(7). */
#include "spec/option.h"

#define FLAG(c)                                                                                    \
    {                                                                                              \
        .kind = KIND_FLAG, .has_initial = true, .clause = CLAUSE_##c                               \
    }
#define TCP_FLAG(c)                                                                                \
    {                                                                                              \
        .kind = KIND_FLAG, .sockets = ON_STREAMS, .has_initial = true, .clause = CLAUSE_##c        \
    }
#define TCP_RANGE(low, high, c)                                                                    \
    {                                                                                              \
        .kind = KIND_RANGE, .sockets = ON_STREAMS, .least = (low), .most = (high),                 \
        .bounds_open = true, .clause = CLAUSE_##c                                                  \
    }
#define TCP_BYTES(c)                                                                               \
    {                                                                                              \
        .kind = KIND_BYTES, .sockets = ON_STREAMS, .clause = CLAUSE_##c                            \
    }
#define TCP_OPEN(c)                                                                                \
    {                                                                                              \
        .kind = KIND_OPEN, .sockets = ON_STREAMS, .clause = CLAUSE_##c                             \
    }
#define KEPT(low, high, c)                                                                         \
    {                                                                                              \
        .kind = KIND_KEPT, .least = (low), .most = (high), .clause = CLAUSE_##c                    \
    }
#define TCP_KEPT(low, high, c)                                                                     \
    {                                                                                              \
        .kind = KIND_KEPT, .sockets = ON_STREAMS, .least = (low), .most = (high),                  \
        .clause = CLAUSE_##c                                                                       \
    }
#define PACKET_FLAG(c)                                                                             \
    {                                                                                              \
        .kind = KIND_FLAG, .sockets = ON_DATAGRAMS, .has_initial = true, .clause = CLAUSE_##c      \
    }
#define SHOWN(c)                                                                                   \
    {                                                                                              \
        .kind = KIND_SHOWN, .clause = CLAUSE_##c                                                   \
    }

enum {
    KEEPALIVE_S_MAX = 32767,
    COUNT_MAX = 127,
    OCTET_MAX = 255,
    LINGER2_S_MAX = 120,
    PRIORITY_MAX = 6,    /* without a privilege */
    MTU_DISCOVER_MAX = 3 /* IP_PMTUDISC_PROBE */
};

const struct option_rule option_rules[OPTIONS + 1] = {
    [OPT_SO_REUSEADDR] = FLAG(OPTION_DEFAULT_OFF),
    [OPT_SO_REUSEPORT] = FLAG(OPTION_KEPT),
    [OPT_SO_KEEPALIVE] = FLAG(OPTION_DEFAULT_OFF),
    [OPT_SO_OOBINLINE] = FLAG(OPTION_DEFAULT_OFF),
    [OPT_SO_BROADCAST] = FLAG(OPTION_DEFAULT_OFF),
    [OPT_SO_DONTROUTE] = FLAG(OPTION_KEPT),
    [OPT_SO_TIMESTAMP] = FLAG(CMSG_TIMESTAMP),
    [OPT_SO_TIMESTAMPNS] = FLAG(CMSG_TIMESTAMP),
    [OPT_SO_ERROR] = SHOWN(OPTION_ERROR),
    [OPT_SO_TYPE] = SHOWN(OPTION_TYPE),
    [OPT_SO_DOMAIN] = SHOWN(OPTION_DOMAIN),
    [OPT_SO_PROTOCOL] = SHOWN(OPTION_DOMAIN),
    [OPT_SO_ACCEPTCONN] = SHOWN(OPTION_ACCEPTCONN),
    [OPT_SO_LINGER] = {.kind = KIND_LINGER, .clause = CLAUSE_OPTION_LINGER},
    [OPT_SO_RCVBUF] = {.kind = KIND_BUFFER, .clause = CLAUSE_OPTION_BUFFER},
    [OPT_SO_SNDBUF] = {.kind = KIND_BUFFER, .clause = CLAUSE_OPTION_BUFFER},
    [OPT_SO_RCVTIMEO] = {.kind = KIND_TIME, .clause = CLAUSE_OPTION_RCVTIMEO},
    [OPT_SO_SNDTIMEO] = {.kind = KIND_TIME, .clause = CLAUSE_OPTION_SNDTIMEO},
    [OPT_SO_RCVLOWAT] = {.kind = KIND_LOW_WATER,
                         .has_initial = true,
                         .initial = 1,
                         .clause = CLAUSE_OPTION_RCVLOWAT},
    [OPT_SO_PEEK_OFF] = {.kind = KIND_RANGE,
                         .has_initial = true,
                         .least = INT32_MIN,
                         .most = INT32_MAX,
                         .initial = -1,
                         .clause = CLAUSE_OPTION_PEEK_OFF},
    [OPT_SO_PRIORITY] = KEPT(0, PRIORITY_MAX, OPTION_PRIORITY),
    [OPT_SO_INVALID] = {.kind = KIND_UNKNOWN, .clause = CLAUSE_OPTION_UNKNOWN},

    [OPT_TCP_NODELAY] = TCP_FLAG(OPTION_TCP_NODELAY),
    [OPT_TCP_CORK] = TCP_FLAG(OPTION_TCP_CORK),
    [OPT_TCP_KEEPIDLE] = TCP_RANGE(1, KEEPALIVE_S_MAX, OPTION_TCP_KEEPALIVE),
    [OPT_TCP_KEEPINTVL] = TCP_RANGE(1, KEEPALIVE_S_MAX, OPTION_TCP_KEEPALIVE),
    [OPT_TCP_KEEPCNT] = TCP_RANGE(1, COUNT_MAX, OPTION_TCP_KEEPALIVE),
    [OPT_TCP_SYNCNT] = {.kind = KIND_RANGE,
                        .sockets = ON_STREAMS,
                        .least = 1,
                        .most = OCTET_MAX,
                        .clause = CLAUSE_OPTION_TCP_SYNCNT},
    [OPT_TCP_USER_TIMEOUT] = TCP_RANGE(0, INT32_MAX, OPTION_TCP_USER_TIMEOUT),
    [OPT_TCP_LINGER2] = TCP_KEPT(1, LINGER2_S_MAX, OPTION_TCP_LINGER2),
    [OPT_TCP_DEFER_ACCEPT] = TCP_KEPT(0, 0, ACCEPT_DEFERRED),
    [OPT_TCP_INQ] = TCP_KEPT(0, 1, OPTION_KEPT),
    [OPT_TCP_QUICKACK] = TCP_OPEN(OPTION_TCP_QUICKACK),
    [OPT_TCP_MAXSEG] = TCP_OPEN(OPTION_TCP_MAXSEG),
    [OPT_TCP_WINDOW_CLAMP] = TCP_OPEN(OPTION_TCP_WINDOW_CLAMP),
    [OPT_TCP_INFO] = TCP_BYTES(OPTION_TCP_INFO),
    [OPT_TCP_CONGESTION] = TCP_BYTES(OPTION_TCP_CONGESTION),

    [OPT_IP_TTL] = {.kind = KIND_RANGE,
                    .bounds_open = true,
                    .least = 1,
                    .most = OCTET_MAX,
                    .clause = CLAUSE_OPTION_IP_TTL},
    [OPT_IP_TOS] = KEPT(0, OCTET_MAX, OPTION_IP_TOS),
    [OPT_IP_PKTINFO] = PACKET_FLAG(CMSG_PKTINFO),
    [OPT_IP_RECVERR] = FLAG(OPTION_IP_RECVERR),
    [OPT_IP_MTU_DISCOVER] = KEPT(0, MTU_DISCOVER_MAX, OPTION_IP_MTU_DISCOVER),
    [OPT_IP_RECVTTL] = PACKET_FLAG(CMSG_TTL),
    [OPT_IP_RECVTOS] = PACKET_FLAG(CMSG_TTL),
    [OPT_IP_MTU] = {.kind = KIND_PATH, .clause = CLAUSE_OPTION_IP_MTU},
    [OPT_IP_BIND_ADDRESS_NO_PORT] = KEPT(0, 1, OPTION_BIND_NO_PORT),

    [OPT_IPV6_V6ONLY] = FLAG(V6ONLY_DEFAULT),
    [OPT_IPV6_UNICAST_HOPS] = {.kind = KIND_RANGE,
                               .least = -1,
                               .most = OCTET_MAX,
                               .clause = CLAUSE_OPTION_HOPS},
    [OPT_IPV6_TCLASS] = {.kind = KIND_RANGE,
                         .least = -1,
                         .most = OCTET_MAX,
                         .clause = CLAUSE_OPTION_TCLASS},
    [OPT_IPV6_RECVPKTINFO] = PACKET_FLAG(CMSG_PKTINFO_IPV6),
    [OPT_IPV6_RECVERR] = FLAG(OPTION_IP_RECVERR),
    [OPT_IPV6_RECVHOPLIMIT] = PACKET_FLAG(CMSG_HOPS),
    [OPT_IPV6_RECVTCLASS] = PACKET_FLAG(CMSG_TCLASS),
    [OPT_IPV6_MTU_DISCOVER] = KEPT(0, MTU_DISCOVER_MAX, OPTION_IP_MTU_DISCOVER),
    [OPT_IPV6_DONTFRAG] = PACKET_FLAG(OPTION_DONTFRAG),
};

const bool option_is_posix[OPTIONS + 1] = {
    [OPT_SO_ACCEPTCONN] = true,     [OPT_SO_BROADCAST] = true, [OPT_SO_DONTROUTE] = true,
    [OPT_SO_ERROR] = true,          [OPT_SO_KEEPALIVE] = true, [OPT_SO_LINGER] = true,
    [OPT_SO_OOBINLINE] = true,      [OPT_SO_RCVBUF] = true,    [OPT_SO_RCVLOWAT] = true,
    [OPT_SO_RCVTIMEO] = true,       [OPT_SO_REUSEADDR] = true, [OPT_SO_SNDBUF] = true,
    [OPT_SO_SNDTIMEO] = true,       [OPT_SO_TYPE] = true,      [OPT_TCP_NODELAY] = true,
    [OPT_IPV6_UNICAST_HOPS] = true, [OPT_IPV6_V6ONLY] = true,
};
