/* send_blocked: sends on streams that wait for room, and what they have sent in the end. See
 * block.h. */
#include "spec/block.h"
#include "spec/connection.h"
#include "spec/queue.h"

/* A send that blocks: nobody knows how much of it is under way. */
void send_waiting(struct step *t, const struct sock *s)
{
    const struct sock *peer = connection_peer(t->world, s);

    send_deliver(t, s, t->request->sent.length);
    sock_edit(t->world, peer)->in.unsent = t->request->sent.length;
    waits(t, CLAUSE_SEND_BLOCKS);
}

/* What must be taken: the peer has read all that was written before, so there is room. */
static bool has_sent_all(const struct sock *peer)
{
    return peer->in.unsent > 0 && peer->in.read == peer->in.written;
}

/* A send that was blocked sent so much after all; false when the peer has read more than that. */
static bool sent_only(struct step *t, const struct sock *peer, int64_t sent)
{
    uint32_t rest = (uint32_t)(t->request->sent.length - sent);

    if (peer == NULL || peer->in.unsent == 0)
        return true;
    sock_edit(t->world, peer)->in.unsent = 0;
    if (peer->in.read + rest > peer->in.written)
        return false;
    queue_cut(t, peer, rest);
    return true;
}

/* Ordinarily there is room for a part, unless there was something in the way already. */
static int64_t ordinary_part(const struct sock *peer)
{
    bool empty =
        peer != NULL && peer->in.unsent > 1 && peer->in.written - peer->in.unsent <= peer->in.read;

    return empty ? (int64_t)peer->in.unsent - 1 : -1;
}

void send_resumed(struct step *t, const struct sock *s)
{
    const struct sock *peer = connection_peer(t->world, s);
    int64_t length = t->request->sent.length;
    bool witness = t->decider->kind == DECIDER_WITNESS;
    bool ends = must_not_wait(t, s) || t->world->actors[t->request->actor - 1].must_end;
    /* A part had been sent, or it was restarted. */
    bool went_on =
        t->resumes == RESUMES_INTERRUPTED && !t->world->actors[t->request->actor - 1].may_end;
    bool over;
    int64_t sent;

    arrivals(t, s);
    over = s->error != 0 || s->state != SOCK_CONNECTED || s->shut_write || send_is_lost(t, peer);
    sent = witness ? t->decider->seen->result : over || ends ? ordinary_part(peer) : -1;
    if (sent == length || (!over && has_sent_all(peer))) {
        sent_only(t, peer, length);
        returns(t, length, CLAUSE_SEND_COUNT);
        return;
    }
    if (sent > 0 && sent < length && (over || ends)) {
        returns(t, sent_only(t, peer, sent) ? sent : length, CLAUSE_SEND_PARTIAL);
        return;
    }
    check_pending(t, s, CLAUSE_ERROR_PENDING);
    send_check_stream(t, s);
    if (step_failed(t)) {
        clear_pending(t, s, CLAUSE_ERROR_PENDING);
        sent_only(t, peer, 0);
        return;
    }
    if (went_on || (ends && !sent_only(t, peer, 0)))
        returns(t, length, CLAUSE_SEND_COUNT);
    else
        blocks(t, must_not_wait(t, s), -1, CLAUSE_SEND_BLOCKS);
}
