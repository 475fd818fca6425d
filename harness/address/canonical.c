/* canonical: whether a text is the one that RFC 5952 has for its address, and if not, why. */
#include "address/forms.h"

#include <string.h>

#include "address/piece.h"

/* Where a piece begins with a 0 that is not its only digit; length without. */
static size_t leading_zero(const char *text, size_t length)
{
    bool begins = true;

    for (size_t i = 0; i < length; i++) {
        bool separator = text[i] == ':' || text[i] == '.';

        if (begins && text[i] == '0' && i + 1 < length && text[i + 1] != ':' && text[i + 1] != '.')
            return i;
        begins = separator;
    }
    return length;
}

static size_t upper_case(const char *text, size_t length)
{
    size_t i = 0;

    while (i < length && !(text[i] >= 'A' && text[i] <= 'F'))
        i++;
    return i;
}

/* The run of zeros at a piece. */
static int run_at(const uint8_t bytes[16], int piece, int pieces)
{
    int size = 0;

    while (piece + size < pieces && piece_get(bytes, piece + size) == 0)
        size++;
    return size;
}

/* Which runs of zeros there are besides the one that is elided. */
struct runs {
    bool single;  /* of one piece */
    bool shorter; /* of several pieces */
    bool equal;
    int longest;
};

static struct runs find_runs(const uint8_t bytes[16], const struct address_shape *shape)
{
    int pieces = shape->quad ? PIECES - 2 : PIECES;
    struct runs runs = {.longest = 0};

    for (int i = 0, size; i<pieces; i += size> 0 ? size : 1) {
        size = run_at(bytes, i, pieces);
        if (size > runs.longest)
            runs.longest = size;
        if (size == 0 || i == shape->gap_at)
            continue;
        runs.single |= size == 1;
        runs.shorter |= size > 1 && size < shape->gap_size;
        runs.equal |= size > 1 && size == shape->gap_size;
    }
    return runs;
}

/* The clause that tells whether this address ends with an IPv4 address. */
static enum address_clause quad_clause(const uint8_t bytes[16])
{
    char text[ADDRESS_TEXT_MAX];

    if (address_mapped(bytes))
        return ADDRESS_CANON_MAPPED;
    address_print_ipv6(text, bytes);
    if (strchr(text, '.') == NULL)
        return ADDRESS_CANON_EXTERNAL;
    return bytes[8] == 0xff ? ADDRESS_CANON_TRANSLATED : ADDRESS_CANON_COMPATIBLE;
}

/* What is wrong with the elision of a text that is right otherwise. */
static enum address_clause gap_clause(const uint8_t bytes[16], const struct address_shape *shape)
{
    int pieces = shape->quad ? PIECES - 2 : PIECES;
    int size = shape->gap_size;
    int longest = find_runs(bytes, shape).longest;
    bool whole = shape->gap_at >= 0 && size == run_at(bytes, shape->gap_at, pieces) &&
                 (shape->gap_at == 0 || run_at(bytes, shape->gap_at - 1, pieces) == 0);

    if (shape->gap_at < 0 || !whole)
        return ADDRESS_CANON_SHORTEN;
    if (size < longest)
        return ADDRESS_CANON_LONGEST;
    return size == 1 ? ADDRESS_CANON_ONE : ADDRESS_CANON_FIRST;
}

/* In ::/96 beside the unspecified address and loopback, where some take 0/8 for IPv4-compatible. */
static bool is_low(const uint8_t bytes[16])
{
    int run = run_at(bytes, 0, PIECES);

    return run == PIECES - 2 || (run == PIECES - 1 && (bytes[14] != 0 || bytes[15] > 1));
}

static void keep(struct address_verdict *v, const uint8_t bytes[16],
                 const struct address_shape *shape, const char *text, size_t length)
{
    struct runs runs = find_runs(bytes, shape);
    enum address_clause quad = quad_clause(bytes);

    v->kept = ADDRESS_BIT(CANON_ZEROS);
    v->clause = ADDRESS_CANON_ZEROS;
    if (strcspn(text, "abcdef") < length)
        verdict_special(v, ADDRESS_CANON_CASE);
    if (shape->gap_at >= 0)
        verdict_special(v, ADDRESS_CANON_SHORTEN);
    if (runs.single)
        verdict_special(v, ADDRESS_CANON_ONE);
    if (runs.shorter)
        verdict_special(v, ADDRESS_CANON_LONGEST);
    if (runs.equal)
        verdict_special(v, ADDRESS_CANON_FIRST);
    if (shape->quad)
        verdict_special(v, quad);
    else
        v->kept |= ADDRESS_BIT(CANON_EXTERNAL);
    v->open = quad == ADDRESS_CANON_COMPATIBLE || is_low(bytes);
    v->accepted = true;
}

bool address_read_canonical(struct address_verdict *v, struct sockdrill_address *out,
                            const char *text, size_t length)
{
    char canonical[ADDRESS_TEXT_MAX];
    struct address_shape shape;
    size_t at;

    if (!address_ipv6(v, out->bytes, &shape, text, length))
        return false;
    out->host = SOCKDRILL_HOST_IPV6;
    if (address_print_ipv6(canonical, out->bytes) == length &&
        memcmp(canonical, text, length) == 0) {
        keep(v, out->bytes, &shape, canonical, length);
        return true;
    }
    if ((strchr(canonical, '.') != NULL) != shape.quad)
        return verdict_refuse(v, quad_clause(out->bytes), 0);
    if ((at = upper_case(text, length)) < length)
        return verdict_refuse(v, ADDRESS_CANON_CASE, at);
    if ((at = leading_zero(text, length)) < length)
        return verdict_refuse(v, ADDRESS_CANON_ZEROS, at);
    return verdict_refuse(v, gap_clause(out->bytes, &shape), 0);
}
