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
        .clause = CLAUSE_##c                                                                       \
    }
#define TCP_OPEN                                                                                   \
    {                                                                                              \
        .kind = KIND_OPEN, .sockets = ON_STREAMS, .clause = CLAUSE_OPTION_KEPT                     \
    }
#define OPEN                                                                                       \
    {                                                                                              \
        .kind = KIND_OPEN, .clause = CLAUSE_OPTION_KEPT                                            \
    }
#define SHOWN(c)                                                                                   \
    {                                                                                              \
        .kind = KIND_SHOWN, .clause = CLAUSE_##c                                                   \
    }

enum { KEEPALIVE_S_MAX = 32767, COUNT_MAX = 127, OCTET_MAX = 255 };

const struct option_rule option_rules[OPTIONS] = {
    [OPT_SO_REUSEADDR] = FLAG(OPTION_DEFAULT_OFF),
    [OPT_SO_REUSEPORT] = FLAG(OPTION_KEPT),
    [OPT_SO_KEEPALIVE] = FLAG(OPTION_DEFAULT_OFF),
    [OPT_SO_OOBINLINE] = FLAG(OPTION_DEFAULT_OFF),
    [OPT_SO_BROADCAST] = FLAG(OPTION_DEFAULT_OFF),
    [OPT_SO_DONTROUTE] = FLAG(OPTION_KEPT),
    [OPT_SO_TIMESTAMP] = FLAG(OPTION_KEPT),
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
    [OPT_SO_RCVLOWAT] = {.kind = KIND_OPEN, .clause = CLAUSE_OPTION_RCVLOWAT},
    [OPT_SO_PEEK_OFF] = {.kind = KIND_OPEN, .clause = CLAUSE_OPTION_PEEK_OFF},
    [OPT_TCP_NODELAY] = TCP_FLAG(OPTION_TCP_NODELAY),
    [OPT_TCP_CORK] = TCP_FLAG(OPTION_TCP_CORK),
    [OPT_TCP_KEEPIDLE] = TCP_RANGE(1, KEEPALIVE_S_MAX, OPTION_TCP_KEEPALIVE),
    [OPT_TCP_KEEPINTVL] = TCP_RANGE(1, KEEPALIVE_S_MAX, OPTION_TCP_KEEPALIVE),
    [OPT_TCP_KEEPCNT] = TCP_RANGE(1, COUNT_MAX, OPTION_TCP_KEEPALIVE),
    [OPT_TCP_SYNCNT] = TCP_RANGE(1, COUNT_MAX, OPTION_TCP_SYNCNT),
    [OPT_TCP_USER_TIMEOUT] = TCP_RANGE(0, INT32_MAX, OPTION_TCP_USER_TIMEOUT),
    [OPT_TCP_QUICKACK] = TCP_OPEN,
    [OPT_TCP_MAXSEG] = TCP_OPEN,
    [OPT_TCP_LINGER2] = TCP_OPEN,
    [OPT_TCP_DEFER_ACCEPT] = TCP_OPEN,
    [OPT_TCP_WINDOW_CLAMP] = TCP_OPEN,
    [OPT_TCP_INFO] = TCP_OPEN,
    [OPT_TCP_CONGESTION] = TCP_OPEN,
    [OPT_TCP_INQ] = TCP_OPEN,
    [OPT_IP_TTL] = {.kind = KIND_RANGE,
                    .least = 1,
                    .most = OCTET_MAX,
                    .clause = CLAUSE_OPTION_IP_TTL},
    [OPT_IP_PKTINFO] = FLAG(CMSG_PKTINFO),
    [OPT_IP_RECVERR] = FLAG(OPTION_IP_RECVERR),
    [OPT_IPV6_V6ONLY] = FLAG(V6ONLY_DEFAULT),
    [OPT_IPV6_UNICAST_HOPS] = {.kind = KIND_RANGE,
                               .least = -1,
                               .most = OCTET_MAX,
                               .clause = CLAUSE_OPTION_HOPS},
    [OPT_IPV6_TCLASS] = {.kind = KIND_RANGE,
                         .least = -1,
                         .most = OCTET_MAX,
                         .clause = CLAUSE_OPTION_TCLASS},
    [OPT_IPV6_RECVPKTINFO] = FLAG(CMSG_PKTINFO_IPV6),
    [OPT_IPV6_RECVERR] = FLAG(OPTION_IP_RECVERR),
    [OPT_SO_TIMESTAMPNS] = OPEN,
    [OPT_SO_PRIORITY] = OPEN,
    [OPT_IP_TOS] = OPEN,
    [OPT_IP_MTU_DISCOVER] = OPEN,
    [OPT_IP_RECVTTL] = OPEN,
    [OPT_IP_RECVTOS] = OPEN,
    [OPT_IP_MTU] = OPEN,
    [OPT_IP_BIND_ADDRESS_NO_PORT] = OPEN,
    [OPT_IPV6_RECVHOPLIMIT] = OPEN,
    [OPT_IPV6_RECVTCLASS] = OPEN,
    [OPT_IPV6_MTU_DISCOVER] = OPEN,
    [OPT_IPV6_DONTFRAG] = OPEN,
    [OPT_SO_INVALID] = {.kind = KIND_UNKNOWN, .clause = CLAUSE_OPTION_UNKNOWN},
};
