/* rpc_client: see rpc_client.h. */
#include "rpc_client.h"

#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

struct request {
    uint32_t size;
    char text[8];
};

static int ask(int fd, const struct request *request)
{
    uint8_t message[sizeof *request];
    uint32_t prefix = htonl(request->size);

    memcpy(message, &prefix, sizeof prefix);
    memcpy(message + sizeof prefix, request->text, request->size);
    return rpc_write(fd, message, sizeof prefix + request->size);
}

int rpc_session(const struct sockaddr *server, socklen_t size)
{
    static const struct request requests[] = {{5, "hello"}, {6, "status"}, {3, "bye"}};
    struct reply reply;
    int done = 0;
    int fd = rpc_connect(server, size);

    if (fd < 0)
        return -1;
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        if (ask(fd, &requests[i]) != 0 || rpc_reply(fd, &reply) != 0)
            break;
        done += reply.status == 0;
    }
    close(fd);
    return done;
}
