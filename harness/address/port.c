/* port: numeric ports, POSIX.1-2017 getaddrinfo(), and the names of services, RFC 6335 5.1. */
#include "address/forms.h"

enum { SERVICE_LENGTH_MAX = 15 };

bool address_all_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

uint64_t address_decimal(const char *text, size_t length, uint64_t most)
{
    uint64_t value = 0;

    for (size_t i = 0; i < length; i++) {
        value = value * 10 + (uint64_t)(text[i] - '0');
        if (value > most)
            return most + 1;
    }
    return value;
}

bool address_read_port(struct address_verdict *v, struct sockdrill_address *out, const char *text,
                       size_t length)
{
    uint64_t port;

    for (size_t i = 0; i < length; i++)
        if (!address_all_digits(text + i, 1))
            return verdict_refuse(v, ADDRESS_PORT_DECIMAL, i);
    if (length == 0)
        return verdict_refuse(v, ADDRESS_PORT_DECIMAL, 0);
    port = address_decimal(text, length, UINT16_MAX);
    if (port > UINT16_MAX)
        return verdict_refuse(v, ADDRESS_PORT_RANGE, 0);
    out->port = (int32_t)port;
    v->kept = ADDRESS_BIT(PORT_RANGE);
    verdict_special(v, ADDRESS_PORT_DECIMAL);
    v->accepted = true;
    return true;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool address_read_service(struct address_verdict *v, struct sockdrill_address *out,
                          const char *text, size_t length)
{
    bool letter = false;

    if (length == 0 || length > SERVICE_LENGTH_MAX)
        return verdict_refuse(v, ADDRESS_SERVICE_LENGTH, length == 0 ? 0 : SERVICE_LENGTH_MAX);
    for (size_t i = 0; i < length; i++) {
        letter |= is_letter(text[i]);
        if (!is_letter(text[i]) && !address_all_digits(text + i, 1) && text[i] != '-')
            return verdict_refuse(v, ADDRESS_SERVICE_CHARACTERS, i);
        if (text[i] == '-' && (i == 0 || i + 1 == length))
            return verdict_refuse(v, ADDRESS_SERVICE_EDGE, i);
        if (text[i] == '-' && text[i - 1] == '-')
            return verdict_refuse(v, ADDRESS_SERVICE_HYPHENS, i);
        if (text[i] == '-')
            v->kept |= ADDRESS_BIT(SERVICE_EDGE) | ADDRESS_BIT(SERVICE_HYPHENS);
    }
    if (!letter)
        return verdict_refuse(v, ADDRESS_SERVICE_LETTER, length);
    out->host = SOCKDRILL_HOST_NAME;
    address_name(out, text, length);
    v->kept |= ADDRESS_BIT(SERVICE_LENGTH) | ADDRESS_BIT(SERVICE_CHARACTERS);
    verdict_special(v, ADDRESS_SERVICE_LETTER);
    v->accepted = true;
    return true;
}
