/* bind: gives a socket its local address. Source: POSIX.1-2017 bind(); ip(7), ipv6(7). */
#include <errno.h>

#include "spec/address.h"
#include "spec/connection.h"
#include "spec/name.h"
#include "spec/option.h"
#include "spec/ports.h"

enum { PORT_PRIVILEGED_END = 1024 };

static void bind_check_local(struct step *t, const struct sock *s, struct endpoint local)
{
    enum conflict conflict = CONFLICT_NONE;
    bool mapped = s->family == AF_INET6 && endpoint_is_v4(&local);
    bool barred = s->v6only || !applies(t, CLAUSE_MAPPED_BIND, mapped);

    check_available(t, s, &local);
    shall_fail(t, mapped && barred, EADDRNOTAVAIL, CLAUSE_V6ONLY);
    usually_fails(t, mapped && barred, EINVAL, CLAUSE_V6ONLY);
    usually_fails(t, local.port > 0 && local.port < PORT_PRIVILEGED_END, EACCES,
                  CLAUSE_BIND_PROTECTED);
    if (local.port != 0)
        conflict = ports_conflict(t, s, &local);
    shall_fail(t, conflict == CONFLICT_CERTAIN, EADDRINUSE, CLAUSE_BIND_IN_USE);
    usually_fails(t, conflict == CONFLICT_USUAL, EADDRINUSE, CLAUSE_BIND_TIME_WAIT);
    may_fail(t, conflict == CONFLICT_POSSIBLE, EADDRINUSE, CLAUSE_BIND_TIME_WAIT);
}

/* ip(7), IP_BIND_ADDRESS_NO_PORT. */
static bool chooses_port_later(const struct world *w, const struct sock *s)
{
    return option_is_on(w, world_index(w, s), OPT_IP_BIND_ADDRESS_NO_PORT);
}

void step_bind(struct step *t)
{
    const struct request *q = t->request;
    const struct sock *s = check_sock(t, q->fd);
    struct endpoint local = {0};
    struct sock *edit;

    if (s != NULL) {
        arrivals(t, s);
        shall_fail(t, s->bound, EINVAL, CLAUSE_BIND_REBIND);
        may_fail(t, s->was_bound && !t->world->profile->ending_unbinds, EINVAL, CLAUSE_BIND_REBIND);
        may_fail(t, sock_is_connected(s) && !t->world->profile->bound_is_told, EISCONN,
                 CLAUSE_BIND_CONNECTED);
        if (check_address(t, s, ADDRESS_BIND, &local) == ADDRESS_GOOD)
            bind_check_local(t, s, local);
    }
    if (!step_passes(t, s)) {
        leads_beyond(t, local.scope != 0); /* Linux keeps the interface all the same */
        if (s != NULL && !s->bound && t->prediction.error == EADDRINUSE &&
            t->world->profile->failed_bind_forgets_host)
            sock_edit(t->world, s)->local = endpoint_any(s->family, s->local.port);
        return;
    }
    edit = sock_edit(t->world, s);
    edit->bound = true;
    edit->host_given |=
        !endpoint_is_any(&local) || (s->family == AF_INET6 && endpoint_is_v4(&local));
    edit->host_known = true;
    edit->local = local;
    if (t->world->profile->v6_host_is_v6only && !endpoint_is_any(&local) && s->family == AF_INET6 &&
        !endpoint_is_v4(&local))
        option_become(t->world, s, OPT_IPV6_V6ONLY, 1);
    if (local.port == 0) {
        edit->bound = false;
        if (!applies(t, CLAUSE_OPTION_BIND_NO_PORT, chooses_port_later(t->world, s)))
            name_auto(t, s);
    } else {
        edit->port_given = true;
        edit->port_known = true;
    }
    returns(t, 0, CLAUSE_BIND_ASSIGNS);
}
