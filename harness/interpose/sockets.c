/* sockets: the calls on a descriptor that are the model's if that is emulated. */
#include "interpose/interpose.h"
#include "stacks/model.h"

_Thread_local bool interpose_inside;

#define READS(data, size) memory_read(data, size);
#define WRITES(data, size) memory_written(data, size);
#define NAMES(data, length)                                                                        \
    if ((data) != NULL)                                                                            \
        memory_written(data, *(length));
#define READS_PARTS(parts, count) memory_parts_read(parts, count);
#define WRITES_PARTS(parts, count) memory_parts_written(parts, count);
#define READS_MESSAGE(message) memory_message_read(message);
#define WRITES_MESSAGE(message) memory_message_written(message);
#define READS_MESSAGES(messages, count) memory_messages_read(messages, count);
#define WRITES_MESSAGES(messages, count) memory_messages_written(messages, count);

#define EMULATED(type, name_, parameters, arguments, checks)                                       \
    INTERPOSED(type, name_, parameters)                                                            \
    {                                                                                              \
        if (!number_emulated(fd))                                                                  \
            return real()->name_ arguments;                                                        \
        checks;                                                                                    \
        fd = number_model(fd);                                                                     \
        return sockdrill_stack_model.name_ arguments;                                              \
    }
#include "lists/interposed.def"
