/*
 * messages: sendmsg and recvmsg. Source: POSIX.1-2017 sendmsg(), recvmsg(); send(2), recv(2).
 */
#include "spec/messages.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "spec/ancillary.h"
#include "spec/option.h"

/* --- the header --- */

static void check_name_length(struct step *t)
{
    const struct request *q = t->request;

    if (q->op == OP_sendmsg) {
        shall_fail(t, q->address.data != NULL && q->address.size > INT32_MAX, EINVAL,
                   CLAUSE_DATAGRAM_LENGTH);
        shall_fail(t, q->bad == BAD_ADDRESS && q->address.size > 0, EFAULT, CLAUSE_FAULT);
    } else {
        shall_fail(t, !q->name_null && q->name_room > INT32_MAX, EINVAL,
                   CLAUSE_NAME_LENGTH_NEGATIVE);
    }
}

static void check_control(struct step *t)
{
    const struct bytes *control = &t->request->control;
    bool huge = control->size > INT32_MAX;

    shall_fail(t, huge, ENOBUFS, CLAUSE_ERROR_OTHER);
    may_fail(t, huge, EINVAL, CLAUSE_CMSG_LAYOUT);
    shall_fail(t, t->request->bad == BAD_CONTROL && control->size > 0, EFAULT, CLAUSE_FAULT);
}

bool message_is_wrong(struct step *t)
{
    const struct request *q = t->request;

    if (q->op != OP_sendmsg && q->op != OP_recvmsg)
        return false;
    shall_fail(t, q->bad == BAD_HEADER, EFAULT, CLAUSE_FAULT);
    check_name_length(t);
    shall_fail(t, q->part_count > IOV_MAX, EMSGSIZE, CLAUSE_MSG_COUNT);
    shall_fail(t, q->part_count <= 0 && !t->world->profile->messages_need_no_parts, EMSGSIZE,
               CLAUSE_MSG_COUNT);
    shall_fail(t, q->bad == BAD_PARTS && q->part_count > 0, EFAULT, CLAUSE_FAULT);
    if (q->op == OP_sendmsg)
        check_control(t);
    rests_on(t, CLAUSE_IOV_ORDER, q->part_count > 1);
    if (t->verdict.barred)
        step_failed(t);
    return t->verdict.barred;
}

/* --- what is received --- */

static struct shown_message *show_message(struct step *t)
{
    struct shown_message *m = &t->prediction.message;

    t->prediction.has_message = true;
    m->flags = t->request->flags & MSG_CMSG_CLOEXEC;
    rests_on(t, CLAUSE_MSG_CMSG_CLOEXEC, m->flags != 0);
    m->open_flags = 0;
    m->count = 0;
    m->keeps_name = m->has_no_name = false;
    return m;
}

/* What does not fit is cut, and that is said. */
static void show_cut(struct step *t)
{
    struct shown_message *m = &t->prediction.message;
    size_t size = 0;

    for (unsigned i = 0; i < m->count; i++)
        size += i + 1 < m->count ? CMSG_SPACE(m->controls[i].size) : CMSG_LEN(m->controls[i].size);
    m->is_cut = applies(t, CLAUSE_MSG_CTRUNC, size > t->request->control_room);
}

/* On a connected socket the name is to be ignored (POSIX.1-2017 recvmsg(), DESCRIPTION). */
static void ignore_name(struct step *t, bool known)
{
    struct shown_message *m = &t->prediction.message;

    if (!applies(t, CLAUSE_MSG_NAME_CONNECTED, !t->request->name_null))
        return;
    m->keeps_name = !t->world->profile->connected_messages_are_named;
    m->has_no_name = !known && !m->keeps_name;
    if (m->keeps_name)
        t->prediction.has_name = false;
}

void message_datagram(struct step *t, const struct sock *s, const struct piece *datagram,
                      uint32_t length, uint32_t start)
{
    struct shown_message *m = show_message(t);
    uint32_t room = t->request->room;

    rests_on(t, CLAUSE_MSG_FLAGS, true);
    if (applies(t, CLAUSE_MSG_TRUNC, length - start > room))
        m->flags |= MSG_TRUNC;
    /* Whether what stands before a peek's start was truncated is not said. */
    if (start > 0 && length - start == room)
        m->open_flags |= MSG_TRUNC;
    if (!t->world->profile->datagrams_end_no_record)
        m->open_flags |= MSG_EOR;
    if (s->has_remote)
        ignore_name(t, true);
    ancillary_datagram(t, s, datagram);
    show_cut(t);
}

void message_stream(struct step *t, const struct sock *s)
{
    struct shown_message *m = show_message(t);
    bool urgent = (t->request->flags & MSG_OOB) && s->type == SOCK_STREAM;

    if (applies(t, CLAUSE_MSG_OOB, urgent))
        m->flags |= MSG_OOB;
    if (urgent && t->request->room == 0)
        m->open_flags |= MSG_TRUNC | MSG_OOB;
    ignore_name(t, false);
    ancillary_stream(t, s);
    show_cut(t);
}

void message_error(struct step *t, const struct sock *s, const struct piece *error,
                   uint32_t quoted_least, uint32_t quoted_most)
{
    struct shown_message *m = show_message(t);
    uint32_t room = t->request->room;

    rests_on(t, CLAUSE_ERRQUEUE_FLAG, true);
    m->flags |= MSG_ERRQUEUE;
    if (quoted_least > room)
        m->flags |= MSG_TRUNC;
    else if (quoted_most > room)
        m->open_flags |= MSG_TRUNC;
    ancillary_error(t, s, error);
    show_cut(t);
}

static bool name_is_kept(const struct request *q, const struct outcome *o)
{
    static const struct sockaddr_storage none;
    size_t size = q->name_room < sizeof none ? q->name_room : sizeof none;

    return o->address_length == q->name_room && memcmp(&o->address, &none, size) == 0;
}

bool message_matches(const struct step *t, const struct outcome *o)
{
    const struct shown_message *m = &t->prediction.message;
    int open = m->open_flags | MSG_CTRUNC;

    if ((o->message_flags & ~open) != (m->flags & ~open))
        return false;
    if (m->keeps_name && !name_is_kept(t->request, o))
        return false;
    if (m->has_no_name && o->address_length != 0)
        return false;
    return ancillary_matches(m, t->request, o->control, o->control_size, o->message_flags);
}

/* --- calls --- */

/*
 * A name of no length is none, and one that is too long for any address is taken for the longest:
 * both stand in no text.
 */
void step_sendmsg(struct step *t)
{
    const struct request *whole = t->request;
    struct request q = *whole;

    if (q.address.size == 0 && t->world->profile->empty_name_is_none)
        q.address.data = NULL;
    if (q.address.size > sizeof(struct sockaddr_storage) && q.address.size <= INT32_MAX)
        q.address.size = sizeof(struct sockaddr_storage);
    t->request = &q;
    step_sending(t);
    t->request = whole;
}

void step_recvmsg(struct step *t)
{
    step_receiving(t);
}
