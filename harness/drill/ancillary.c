/* ancillary: see ancillary.h. */
#include "drill/ancillary.h"

#include <string.h>
#include <sys/socket.h>

bool ancillary_next(struct ancillary *message, size_t *at, const uint8_t *control, size_t size)
{
    struct cmsghdr header;

    if (*at > size || size - *at < sizeof header)
        return false;
    memcpy(&header, control + *at, sizeof header);
    if (header.cmsg_len < sizeof header || header.cmsg_len > size - *at)
        return false;
    message->level = header.cmsg_level;
    message->type = header.cmsg_type;
    message->data = control + *at + CMSG_LEN(0);
    message->size = header.cmsg_len - CMSG_LEN(0);
    *at += CMSG_ALIGN(header.cmsg_len);
    return true;
}

const struct control_info *ancillary_info(const struct ancillary *message)
{
    size_t count;
    const struct control_info *info = controls(&count);

    for (size_t i = 0; i < count; i++)
        if (info[i].level == message->level && info[i].type == message->type)
            return &info[i];
    return NULL;
}
