/* reply: a reply, whose length is looked at before it is trusted. */
#include <arpa/inet.h>

#include "rpc_client.h"

int rpc_reply(int fd, struct reply *reply)
{
    uint32_t size;

    if (rpc_read(fd, &size, sizeof size) != 0)
        return -1;
    size = ntohl(size);
    if (size == 0 || size - 1 > REPLY_BYTES_MAX)
        return -1;
    reply->size = size - 1;
    if (rpc_read(fd, &reply->status, 1) != 0)
        return -1;
    return rpc_read(fd, reply->text, reply->size);
}
