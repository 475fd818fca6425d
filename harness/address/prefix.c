/* prefix: an address, a slash and a length: RFC 4632 3.1, RFC 4291 2.3. */
#include "address/forms.h"

#include <string.h>

static bool has_host_bits(const uint8_t *bytes, size_t size, int32_t prefix)
{
    for (size_t bit = (size_t)prefix; bit < 8 * size; bit++)
        if (bytes[bit / 8] & 0x80 >> bit % 8)
            return true;
    return false;
}

/* What is missing in an address is missed in its prefix. */
static bool refuse_address(struct address_verdict *v)
{
    if (v->clause == ADDRESS_IPV4_PARTS || v->clause == ADDRESS_IPV6_PIECES)
        v->clause = ADDRESS_PREFIX_WHOLE;
    return false;
}

static bool read_ipv6(struct address_verdict *v, struct sockdrill_address *out, const char *text,
                      size_t length)
{
    if (!address_read_scoped(v, out, text, length))
        return refuse_address(v);
    v->accepted = false;
    if (memchr(text, '%', length) != NULL)
        verdict_special(v, ADDRESS_PREFIX_ZONE);
    return true;
}

static bool read_ipv4(struct address_verdict *v, struct sockdrill_address *out, const char *text,
                      size_t length)
{
    out->host = SOCKDRILL_HOST_IPV4;
    if (!address_ipv4(v, out->bytes, text, length))
        return refuse_address(v);
    v->accepted = false;
    return true;
}

static bool read_bits(struct address_verdict *v, struct sockdrill_address *out, const char *text,
                      size_t start, size_t length)
{
    bool ipv4 = out->host == SOCKDRILL_HOST_IPV4;
    uint64_t most = ipv4 ? 32 : 128;
    enum address_clause range = ipv4 ? ADDRESS_PREFIX_RANGE_IPV4 : ADDRESS_PREFIX_RANGE_IPV6;
    uint64_t bits;

    for (size_t i = start; i < length; i++) {
        if (text[i] == '%' && !ipv4)
            return verdict_refuse(v, ADDRESS_PREFIX_ZONE, i);
        if (!address_all_digits(text + i, 1))
            return verdict_refuse(v, ADDRESS_PREFIX_DECIMAL, i);
    }
    if (start == length)
        return verdict_refuse(v, ADDRESS_PREFIX_DECIMAL, start);
    bits = address_decimal(text + start, length - start, most);
    if (bits > most)
        return verdict_refuse(v, range, start);
    out->prefix = (int32_t)bits;
    v->kept |= (address_clauses)1 << range | ADDRESS_BIT(PREFIX_DECIMAL);
    /* Whether "08" is a decimal value no text says. */
    v->open |= text[start] == '0' && length - start > 1;
    return true;
}

bool address_read_prefix(struct address_verdict *v, struct sockdrill_address *out, const char *text,
                         size_t length)
{
    const char *slash = length > 0 ? memchr(text, '/', length) : NULL;
    size_t end = slash != NULL ? (size_t)(slash - text) : length;
    bool ipv6 = end > 0 && memchr(text, ':', end) != NULL;

    if (slash == NULL)
        return verdict_refuse(v, ADDRESS_PREFIX_SLASH, length);
    if (ipv6 ? !read_ipv6(v, out, text, end) : !read_ipv4(v, out, text, end))
        return false;
    if (!read_bits(v, out, text, end + 1, length))
        return false;
    v->kept |= ADDRESS_BIT(PREFIX_SLASH) | ADDRESS_BIT(PREFIX_WHOLE);
    if (has_host_bits(out->bytes, ipv6 ? 16 : 4, out->prefix)) {
        verdict_special(v, ADDRESS_PREFIX_WHOLE);
        v->open |= !ipv6; /* RFC 4632 does not speak of them; RFC 4291 2.3 allows them */
    }
    v->accepted = true;
    return true;
}
