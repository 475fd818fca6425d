/* dns_client: see dns_client.h. */
#include "dns_client.h"

#include <string.h>
#include <unistd.h>

static const uint8_t question[] = {0x12, 0x34, 1,   0, 0,   1,   0,   0,   0, 0, 0, 0, 4, 'h',
                                   'o',  's',  't', 4, 't', 'e', 's', 't', 0, 0, 1, 0, 1};

/* Whether it answers our question: the number, the flag, and the name. */
static int is_answer(const uint8_t *message, size_t size)
{
    char name[DNS_NAME_MAX + 1];
    size_t at = DNS_HEADER;

    return size > DNS_HEADER && memcmp(message, question, 2) == 0 && (message[2] & 0x80) != 0 &&
           dns_name(message, size, &at, name) == 0 && strcmp(name, "host.test.") == 0;
}

static int ask_once(const struct sockaddr *server, socklen_t size, int wait_ms)
{
    uint8_t message[DNS_BYTES_MAX];
    int fd = socket(server->sa_family, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    ssize_t received = -1;

    if (fd < 0)
        return -1;
    if (connect(fd, server, size) == 0 &&
        send(fd, question, sizeof question, MSG_NOSIGNAL) == (ssize_t)sizeof question)
        do
            received = dns_receive(fd, message, wait_ms);
        while (received > 0 && !is_answer(message, (size_t)received));
    close(fd);
    return received > 0 ? 1 : (int)received;
}

int dns_ask(const struct sockaddr *server, socklen_t size)
{
    int result = 0;

    for (int i = 0; i < TRIES && result <= 0; i++)
        result = ask_once(server, size, WAIT_MS << i);
    return result;
}
