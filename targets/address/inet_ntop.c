/*
 * address/inet_ntop: every address of either family survives being printed; a buffer that is too
 * small fails with ENOSPC, one that is just large enough does, and none is overrun.
 *
 * Texts: POSIX.1-2017 inet_ntop() (ENOSPC: "the size of the inet_ntop() result buffer is
 * inadequate"), inet_ntop(3). The input is the address: its first 4 bytes, its first 16.
 */
#include <sockdrill/target.h>

#include <errno.h>
#include <string.h>

#include "../law.h"
#include "address.h"

static void check_size(int family, const void *address, const char *text, size_t size)
{
    struct guarded g;
    char *room = guard_set(&g);
    const char *result;

    errno = 0;
    result = inet_ntop(family, address, room, (socklen_t)size);
    LAW(guard_kept(&g, size), "inet_ntop writes nothing beyond the size it is given");
    if (size <= strlen(text)) {
        LAW(!result && errno == ENOSPC, "inet_ntop fails with ENOSPC when the text does not fit");
        return;
    }
    LAW(result == room, "inet_ntop returns its buffer when the text fits");
    LAW(strcmp(room, text) == 0, "inet_ntop prints an address always the same");
}

static void check_family(int family, const uint8_t *address)
{
    char text[INET6_ADDRSTRLEN];

    address_survives_text(family, address, text);
    for (size_t size = 0; size <= strlen(text) + 1; size++)
        check_size(family, address, text, size);
}

static int check(const uint8_t *data, size_t size)
{
    uint8_t address[ADDRESS_BYTES_MAX] = {0};
    char text[INET6_ADDRSTRLEN];

    if (size > 0)
        memcpy(address, data, size < sizeof(address) ? size : sizeof(address));
    check_family(AF_INET, address);
    check_family(AF_INET6, address);
    errno = 0;
    LAW(!inet_ntop(AF_UNSPEC, address, text, sizeof(text)) && errno == EAFNOSUPPORT,
        "inet_ntop of an unknown family fails with EAFNOSUPPORT");
    return 0;
}

SOCKDRILL_BYTES(check)
