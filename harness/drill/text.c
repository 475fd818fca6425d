/* text: see text.h. */
#include "drill/text.h"

#include <arpa/inet.h>
#include <string.h>

const char text_escapes[TEXT_ESCAPES + 1] = "\n\r\t\"\\";
const char text_escape_letters[TEXT_ESCAPES + 1] = "nrt\"\\";

const char text_select_sets[TEXT_SELECT_SETS + 1] = "rwx";

const char text_actor_names[ACTORS + 1] = "ABC";

const char *const text_fd_names[FD_REFS_END - SLOTS_MAX] = {
    [FD_NEGATIVE - SLOTS_MAX] = "-1",
    [FD_HUGE - SLOTS_MAX] = "2147483647",
    [FD_NOT_SOCKET - SLOTS_MAX] = "not_socket",
};

static size_t host_size(int family)
{
    return family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
}

bool text_host_parse(struct text_host *host, int family, const char *text, size_t size)
{
    char copy[INET6_ADDRSTRLEN];

    if (size >= sizeof copy)
        return false;
    memcpy(copy, text, size);
    copy[size] = '\0';
    host->family = family;
    return inet_pton(family, copy, host->bytes) == 1;
}

bool text_host_of_raw(struct text_host *host, const uint8_t *raw, size_t size)
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;

    if (size == sizeof in) {
        memcpy(&in, raw, sizeof in);
        host->family = in.sin_family;
        host->port = ntohs(in.sin_port);
        memcpy(host->bytes, &in.sin_addr, sizeof in.sin_addr);
        return in.sin_family == AF_INET;
    }
    if (size == sizeof in6) {
        memcpy(&in6, raw, sizeof in6);
        host->family = in6.sin6_family;
        host->port = ntohs(in6.sin6_port);
        memcpy(host->bytes, &in6.sin6_addr, sizeof in6.sin6_addr);
        return in6.sin6_family == AF_INET6;
    }
    return false;
}

bool text_fixed_host(const struct text_host *host, uint8_t *kind)
{
    const struct host_info *info = hosts();

    for (unsigned i = 0; i < HOSTS; i++) {
        if (info[i].family == host->family &&
            memcmp(info[i].bytes, host->bytes, host_size(host->family)) == 0) {
            *kind = (uint8_t)i;
            return true;
        }
    }
    return false;
}

uint8_t text_host_write(const struct text_host *host, uint8_t *room)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(host->port)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(host->port)};

    if (host->family == AF_INET) {
        memcpy(&in.sin_addr, host->bytes, sizeof in.sin_addr);
        memcpy(room, &in, sizeof in);
        return sizeof in;
    }
    memcpy(&in6.sin6_addr, host->bytes, sizeof in6.sin6_addr);
    memcpy(room, &in6, sizeof in6);
    return sizeof in6;
}

void text_host_to_address(struct address *address, const struct text_host *host,
                          uint8_t room[sizeof(struct sockaddr_storage)])
{
    unsigned port = host->port;
    bool fixed_port = port == 0 || (port > PORT_BASE && port < PORT_BASE + PORTS_FIXED);

    if (fixed_port && text_fixed_host(host, &address->kind)) {
        address->port = (uint8_t)(port == 0 ? PORT_ZERO : port - PORT_BASE);
        return;
    }
    address->kind = ADDRESS_RAW;
    address->raw = room;
    address->raw_size = text_host_write(host, room);
}
