/* zone: IPv6 addresses with the zone that RFC 4007 11 puts behind them. */
#include "address/forms.h"

#include <string.h>

/*
 * Of unicast addresses link-local and site-local ones have a zone (RFC 4291 2.5.6, 2.5.7), of
 * multicast ones those that are neither global nor of a reserved scope (RFC 4291 2.7).
 */
static bool is_scoped(const uint8_t bytes[16])
{
    unsigned scope = bytes[1] & 0xf;

    if (bytes[0] == 0xff)
        return scope > 0 && scope < 0xe;
    return bytes[0] == 0xfe && bytes[1] >= 0x80;
}

static bool read_zone(struct address_verdict *v, struct sockdrill_address *out, const char *text,
                      size_t start, size_t length)
{
    const char *zone = text + start;
    uint64_t number;

    if (length == 0)
        return verdict_refuse(v, ADDRESS_ZONE_EMPTY, start);
    for (size_t i = 0; i < length; i++) {
        if (zone[i] == '%')
            return verdict_refuse(v, ADDRESS_ZONE_DELIMITER, start + i);
        if (zone[i] == '/' || zone[i] == ']') /* they end the address elsewhere: RFC 4007 11.7 */
            return verdict_refuse(v, ADDRESS_ZONE_NAME, start + i);
    }
    v->kept |= ADDRESS_BIT(ZONE_EMPTY) | ADDRESS_BIT(ZONE_DELIMITER);
    if (!address_all_digits(zone, length)) {
        verdict_special(v, ADDRESS_ZONE_NAME);
        v->open = true;
        address_name(out, zone, length);
        return true;
    }
    number = address_decimal(zone, length, UINT32_MAX);
    if (number > UINT32_MAX)
        return verdict_refuse(v, ADDRESS_ZONE_NUMBER, start);
    verdict_special(v, ADDRESS_ZONE_NUMBER);
    out->scope = (uint32_t)number;
    return true;
}

bool address_read_scoped(struct address_verdict *v, struct sockdrill_address *out, const char *text,
                         size_t length)
{
    const char *percent = length > 0 ? memchr(text, '%', length) : NULL;
    size_t end = percent != NULL ? (size_t)(percent - text) : length;

    if (!address_ipv6(v, out->bytes, NULL, text, end))
        return false;
    v->kept &= ~ADDRESS_BIT(IPV6_NO_ZONE);
    v->accepted = false;
    out->host = SOCKDRILL_HOST_IPV6;
    if (percent != NULL && !read_zone(v, out, text, end + 1, length - end - 1))
        return false;
    if (percent != NULL && !is_scoped(out->bytes))
        return verdict_refuse(v, ADDRESS_ZONE_GLOBAL, end);
    if (percent != NULL)
        v->kept |= ADDRESS_BIT(ZONE_GLOBAL);
    v->accepted = true;
    return true;
}
