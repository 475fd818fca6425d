/* name_broken: trusts that the labels fit the name. */
#include <string.h>

#include "dns_client.h"

int dns_name(const uint8_t *message, size_t size, size_t *at, char name[DNS_NAME_MAX + 1])
{
    size_t used = 0;

    while (*at < size && message[*at] != 0) {
        size_t label = message[*at];

        if (label > 63 || label >= size - *at)
            return -1;
        memcpy(name + used, message + *at + 1, label);
        used += label;
        name[used++] = '.';
        *at += label + 1;
    }
    name[used] = '\0';
    return *at < size ? 0 : -1;
}
