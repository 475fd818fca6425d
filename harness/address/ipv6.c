/* ipv6: the text forms of RFC 4291 2.2. */
#include "address/address.h"

#include <string.h>

#include "address/piece.h"

enum { PIECE_DIGITS_MAX = 4 };

/* What has been read, and where. */
struct reader {
    struct address_verdict *v;
    const char *text;
    size_t length;
    size_t at;
    uint16_t pieces[PIECES];
    int count;
    int gap; /* the piece that "::" stands before, -1 without */
    bool quad;
};

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 'a' ^ 'A';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool refuse(struct reader *r, enum address_clause clause, size_t at)
{
    if (at < r->length && r->text[at] == '%')
        clause = ADDRESS_IPV6_NO_ZONE;
    return verdict_refuse(r->v, clause, at);
}

static bool is_colon(const struct reader *r, size_t at)
{
    return at < r->length && r->text[at] == ':';
}

/* What stands where neither a piece nor a separator can. */
static bool refuse_odd(struct reader *r)
{
    bool whole = r->count == PIECES || r->gap >= 0;

    return refuse(r, whole ? ADDRESS_IPV6_END : ADDRESS_IPV6_DIGITS, r->at);
}

/* The IPv4 address that begins at start; the text ends with it. */
static bool read_quad(struct reader *r, size_t start)
{
    const char *colon = memchr(r->text + start, ':', r->length - start);
    uint8_t bytes[4];

    if (colon != NULL)
        return refuse(r, ADDRESS_IPV6_QUAD_LAST, (size_t)(colon - r->text));
    if (r->count > PIECES - 2)
        return refuse(r, ADDRESS_IPV6_QUAD, start);
    r->v->kept |= ADDRESS_BIT(IPV6_QUAD) | ADDRESS_BIT(IPV6_QUAD_LAST);
    r->v->clause = ADDRESS_IPV6_QUAD;
    if (!address_ipv4(r->v, bytes, r->text + start, r->length - start)) {
        enum address_clause clause = r->v->clause;

        return refuse(r, clause == ADDRESS_IPV4_PARTS ? ADDRESS_IPV6_QUAD : clause,
                      start + r->v->offset);
    }
    r->v->accepted = false;
    r->pieces[r->count++] = (uint16_t)(bytes[0] << 8 | bytes[1]);
    r->pieces[r->count++] = (uint16_t)(bytes[2] << 8 | bytes[3]);
    r->quad = true;
    r->at = r->length;
    return true;
}

static bool read_piece(struct reader *r)
{
    size_t start = r->at;
    unsigned value = 0;
    int digit;

    for (; r->at < r->length && (digit = hex_value(r->text[r->at])) >= 0; r->at++) {
        if (r->at - start == PIECE_DIGITS_MAX)
            return refuse(r, ADDRESS_IPV6_PIECE, r->at);
        value = value << 4 | (unsigned)digit;
    }
    if (r->at == start)
        return refuse_odd(r);
    if (r->at < r->length && r->text[r->at] == '.')
        return read_quad(r, start);
    if (r->count == PIECES)
        return refuse(r, ADDRESS_IPV6_PIECES, start);
    r->pieces[r->count++] = (uint16_t)value;
    return true;
}

/* "::", with *at on its first colon. */
static bool read_gap(struct reader *r)
{
    if (r->gap >= 0)
        return refuse(r, ADDRESS_IPV6_ELISION_ONCE, r->at);
    verdict_special(r->v, ADDRESS_IPV6_ELISION);
    r->gap = r->count;
    r->at += 2;
    return !is_colon(r, r->at) || refuse(r, ADDRESS_IPV6_ELISION_ONCE, r->at);
}

/* What stands between two pieces, or after the last. */
static bool read_separator(struct reader *r)
{
    if (!is_colon(r, r->at))
        return refuse_odd(r);
    if (is_colon(r, r->at + 1))
        return read_gap(r);
    r->at++;
    return r->at < r->length || refuse(r, ADDRESS_IPV6_COLON, r->at - 1);
}

static bool read_pieces(struct reader *r)
{
    if (is_colon(r, 0) && !is_colon(r, 1))
        return refuse(r, ADDRESS_IPV6_COLON, 0);
    if (is_colon(r, 0) && !read_gap(r))
        return false;
    while (r->at < r->length) {
        if (!read_piece(r))
            return false;
        if (r->at < r->length && !read_separator(r))
            return false;
    }
    if (r->gap >= 0 && r->count == PIECES)
        return refuse(r, ADDRESS_IPV6_ELISION, r->length);
    if (r->gap < 0 && r->count < PIECES)
        return refuse(r, ADDRESS_IPV6_PIECES, r->length);
    return true;
}

static void store(uint8_t bytes[16], const struct reader *r)
{
    int head = r->gap < 0 ? r->count : r->gap;
    int tail = r->count - head;

    memset(bytes, 0, 16);
    for (int i = 0; i < r->count; i++)
        piece_set(bytes, i < head ? i : PIECES - tail + i - head, r->pieces[i]);
}

bool address_ipv6(struct address_verdict *v, uint8_t bytes[16], struct address_shape *shape,
                  const char *text, size_t length)
{
    struct reader r = {.v = v, .text = text, .length = length, .gap = -1};

    v->clause = ADDRESS_IPV6_PIECES;
    if (!read_pieces(&r))
        return false;
    store(bytes, &r);
    if (shape != NULL)
        *shape = (struct address_shape){r.gap, r.gap < 0 ? 0 : PIECES - r.count, r.quad};
    v->kept |= ADDRESS_BIT(IPV6_DIGITS) | ADDRESS_BIT(IPV6_END) | ADDRESS_BIT(IPV6_NO_ZONE) |
               ADDRESS_BIT(IPV6_PIECE) | ADDRESS_BIT(IPV6_PIECES) | ADDRESS_BIT(IPV6_COLON);
    if (r.gap >= 0)
        v->kept |= ADDRESS_BIT(IPV6_ELISION_ONCE);
    v->accepted = true;
    return true;
}
