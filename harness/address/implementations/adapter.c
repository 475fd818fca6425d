/* adapter: see adapter.h. */
#include "address/implementations/adapter.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "address/address.h"
#include "address/forms.h"

int adapter_ipv4(struct sockdrill_address *out, bool accepted)
{
    out->host = SOCKDRILL_HOST_IPV4;
    return accepted ? SOCKDRILL_ACCEPTED : SOCKDRILL_REFUSED;
}

int adapter_ipv6(struct sockdrill_address *out, bool accepted)
{
    out->host = SOCKDRILL_HOST_IPV6;
    return accepted ? SOCKDRILL_ACCEPTED : SOCKDRILL_REFUSED;
}

int adapter_pton(struct sockdrill_address *out, int family, const char *text,
                 adapter_pton_function *function, int success)
{
    bool accepted = function(family, text, out->bytes) == success;

    return family == AF_INET ? adapter_ipv4(out, accepted) : adapter_ipv6(out, accepted);
}

int adapter_number(struct sockdrill_address *out, uint32_t number)
{
    out->host = SOCKDRILL_HOST_IPV4;
    memcpy(out->bytes, &number, sizeof number);
    return number == UINT32_MAX ? SOCKDRILL_UNCLEAR : SOCKDRILL_ACCEPTED;
}

int adapter_name(struct sockdrill_address *out, const struct sockaddr *name, bool port)
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    uint16_t number;

    if (name->sa_family == AF_INET) {
        memcpy(&in, name, sizeof in);
        memcpy(out->bytes, &in.sin_addr, sizeof in.sin_addr);
        number = ntohs(in.sin_port);
        adapter_ipv4(out, true);
    } else if (name->sa_family == AF_INET6) {
        memcpy(&in6, name, sizeof in6);
        memcpy(out->bytes, &in6.sin6_addr, sizeof in6.sin6_addr);
        out->scope = in6.sin6_scope_id;
        number = ntohs(in6.sin6_port);
        adapter_ipv6(out, true);
    } else {
        return SOCKDRILL_REFUSED;
    }
    if (port)
        out->port = number;
    return SOCKDRILL_ACCEPTED;
}

int adapter_host(struct sockdrill_address *out, const char *host, size_t length)
{
    bool literal = length > 2 && host[0] == '[' && host[length - 1] == ']';
    struct address_verdict v = {0};

    host += literal;
    length -= literal ? 2 : 0;
    if (address_ipv6(&v, out->bytes, NULL, host, length))
        return adapter_ipv6(out, true);
    v = (struct address_verdict){0};
    /* With leading zeros it is a name, which some take for an address: that is not known here. */
    if (address_ipv4(&v, out->bytes, host, length) && !(v.kept & ADDRESS_BIT(IPV4_LEADING_ZERO)))
        return adapter_ipv4(out, true);
    memset(out->bytes, 0, sizeof out->bytes);
    out->host =
        literal && (host[0] == 'v' || host[0] == 'V') ? SOCKDRILL_HOST_FUTURE : SOCKDRILL_HOST_NAME;
    address_name(out, host, length);
    return SOCKDRILL_ACCEPTED;
}

bool adapter_ends(const char *text)
{
    return text[strcspn(text, "/?#")] != '\0';
}

int adapter_scoped(struct sockdrill_address *out, const char *host)
{
    size_t length = strcspn(host, "%");
    const char *zone = host + length + (host[length] == '%');

    adapter_host(out, host, length);
    if (*zone != '\0' && address_all_digits(zone, strlen(zone)))
        out->scope = (uint32_t)address_decimal(zone, strlen(zone), UINT32_MAX);
    else
        address_name(out, zone, strlen(zone));
    return SOCKDRILL_ACCEPTED;
}

int adapter_port(struct sockdrill_address *out, const char *port, size_t length)
{
    if (length > 0 && address_all_digits(port, length))
        out->port = (int32_t)address_decimal(port, length, UINT16_MAX);
    return SOCKDRILL_ACCEPTED;
}

int adapter_printed(struct sockdrill_address *out, const char *text, size_t length,
                    adapter_printer *printer)
{
    char printed[ADAPTER_TEXT_MAX];
    struct address_verdict v = {0};
    bool same;

    if (!address_ipv6(&v, out->bytes, NULL, text, length) || !printer(printed, out->bytes))
        return SOCKDRILL_REFUSED;
    same = strlen(printed) == length && memcmp(printed, text, length) == 0;
    return adapter_ipv6(out, same);
}
