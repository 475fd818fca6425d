/* read: a text of any form, and the comparison of what two texts stand for. */
#include "address/forms.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static bool read_ipv4(struct address_verdict *v, struct sockdrill_address *out, const char *text,
                      size_t length)
{
    out->host = SOCKDRILL_HOST_IPV4;
    return address_ipv4(v, out->bytes, text, length);
}

static bool read_numbers(struct address_verdict *v, struct sockdrill_address *out, const char *text,
                         size_t length)
{
    out->host = SOCKDRILL_HOST_IPV4;
    return address_numbers(v, out->bytes, text, length);
}

static bool read_ipv6(struct address_verdict *v, struct sockdrill_address *out, const char *text,
                      size_t length)
{
    out->host = SOCKDRILL_HOST_IPV6;
    return address_ipv6(v, out->bytes, NULL, text, length);
}

/* The bytes as a structure of that size; false when there are too few. */
static bool take(struct address_verdict *v, void *out, size_t size, const char *bytes,
                 size_t length)
{
    if (length < size)
        return verdict_refuse(v, ADDRESS_SOCKADDR_LENGTH, length);
    memcpy(out, bytes, size);
    return true;
}

bool address_read_sockaddr(struct address_verdict *v, struct sockdrill_address *out,
                           const char *text, size_t length)
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    sa_family_t family;

    if (!take(v, &family, sizeof family, text, length))
        return false;
    if (family == AF_INET) {
        if (!take(v, &in, sizeof in, text, length))
            return false;
        out->host = SOCKDRILL_HOST_IPV4;
        out->port = ntohs(in.sin_port);
        memcpy(out->bytes, &in.sin_addr, sizeof in.sin_addr);
        v->open = length > sizeof in; /* no text says whether more is too much */
    } else if (family == AF_INET6) {
        if (!take(v, &in6, sizeof in6, text, length))
            return false;
        out->host = SOCKDRILL_HOST_IPV6;
        out->port = ntohs(in6.sin6_port);
        out->scope = in6.sin6_scope_id;
        memcpy(out->bytes, &in6.sin6_addr, sizeof in6.sin6_addr);
        v->open = length > sizeof in6;
    } else {
        return verdict_refuse(v, ADDRESS_SOCKADDR_FAMILY, 0);
    }
    verdict_special(v, ADDRESS_SOCKADDR_FAMILY);
    verdict_special(v, ADDRESS_SOCKADDR_LENGTH);
    v->accepted = true;
    return true;
}

void address_name(struct sockdrill_address *out, const char *name, size_t length)
{
    if (length >= sizeof out->name)
        length = sizeof out->name - 1;
    if (length > 0)
        memcpy(out->name, name, length);
    out->name[length] = '\0';
}

static const struct {
    const char *name;
    address_reader *read;
} forms[SOCKDRILL_FORMS] = {
    [SOCKDRILL_FORM_IPV4] = {"ipv4", read_ipv4},
    [SOCKDRILL_FORM_NUMBERS] = {"numbers", read_numbers},
    [SOCKDRILL_FORM_IPV6] = {"ipv6", read_ipv6},
    [SOCKDRILL_FORM_SCOPED] = {"scoped", address_read_scoped},
    [SOCKDRILL_FORM_CANONICAL] = {"canonical", address_read_canonical},
    [SOCKDRILL_FORM_HOST] = {"host", address_read_host},
    [SOCKDRILL_FORM_PREFIX] = {"prefix", address_read_prefix},
    [SOCKDRILL_FORM_PORT] = {"port", address_read_port},
    [SOCKDRILL_FORM_SERVICE] = {"service", address_read_service},
    [SOCKDRILL_FORM_SOCKADDR] = {"sockaddr", address_read_sockaddr},
};

bool address_read(struct address_verdict *v, struct sockdrill_address *out,
                  enum sockdrill_form form, const char *text, size_t length)
{
    struct sockdrill_address read = {.prefix = -1, .port = -1};

    *v = (struct address_verdict){0};
    if (!forms[form].read(v, &read, text, length))
        return false;
    *out = read;
    return true;
}

bool address_same(const struct sockdrill_address *a, const struct sockdrill_address *b)
{
    bool named = a->host == SOCKDRILL_HOST_IPV6 && (a->name[0] != '\0' || b->name[0] != '\0');

    return a->host == b->host && a->prefix == b->prefix && a->port == b->port &&
           (named || a->scope == b->scope) && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

const char *address_form_name(enum sockdrill_form form)
{
    return forms[form].name;
}

enum sockdrill_form address_form_find(const char *name)
{
    for (unsigned i = 0; i < SOCKDRILL_FORMS; i++)
        if (strcmp(forms[i].name, name) == 0)
            return (enum sockdrill_form)i;
    return SOCKDRILL_FORMS;
}
