/*
 * memory: the sanitizers' checks of what a call is given. Their own functions for sockets are not
 * called for emulated descriptors, so what those would check is checked here.
 */
#include <limits.h>

#include "interpose/interpose.h"
#include "spec/world.h"

/* AddressSanitizer's and MemorySanitizer's, where one is linked. */
void *asan_first_poisoned(void *begin, size_t size) __asm__("__asan_region_is_poisoned")
    __attribute__((weak));
void asan_report(void *pc, void *bp, void *sp, void *address, int is_write,
                 size_t size) __asm__("__asan_report_error") __attribute__((weak));
void msan_check(const volatile void *data, size_t size) __asm__("__msan_check_mem_is_initialized")
    __attribute__((weak));

/* The report is of the interposed function, which is named as the C library's. */
static void check(void *data, size_t size, bool is_write)
{
    void *frame = __builtin_frame_address(0);
    void *bad;

    if (asan_first_poisoned == NULL || size == 0)
        return;
    bad = asan_first_poisoned(data, size);
    if (bad != NULL)
        asan_report(__builtin_return_address(0), frame, frame, bad, is_write, 1);
}

void memory_read(const void *data, size_t size)
{
    check(changeable(data), size, false);
    if (msan_check != NULL && data != NULL)
        msan_check(data, size);
}

void memory_written(void *data, size_t size)
{
    check(data, size, true);
}

static void check_parts(const struct iovec *parts, size_t count, bool is_write)
{
    memory_read(parts, count * sizeof *parts);
    for (size_t i = 0; i < count; i++) {
        if (is_write)
            memory_written(parts[i].iov_base, parts[i].iov_len);
        else
            memory_read(parts[i].iov_base, parts[i].iov_len);
    }
}

void memory_parts_read(const struct iovec *parts, int count)
{
    check_parts(parts, count > 0 && count <= IOV_MAX ? (size_t)count : 0, false);
}

void memory_parts_written(const struct iovec *parts, int count)
{
    check_parts(parts, count > 0 && count <= IOV_MAX ? (size_t)count : 0, true);
}

static size_t parts_of(const struct msghdr *message)
{
    return message->msg_iovlen <= IOV_MAX ? message->msg_iovlen : 0;
}

void memory_message_read(const struct msghdr *message)
{
    memory_read(message, sizeof *message);
    memory_read(message->msg_name, message->msg_name != NULL ? message->msg_namelen : 0);
    memory_read(message->msg_control, message->msg_control != NULL ? message->msg_controllen : 0);
    check_parts(message->msg_iov, parts_of(message), false);
}

void memory_message_written(const struct msghdr *message)
{
    memory_read(message, sizeof *message);
    memory_written(message->msg_name, message->msg_name != NULL ? message->msg_namelen : 0);
    memory_written(message->msg_control,
                   message->msg_control != NULL ? message->msg_controllen : 0);
    check_parts(message->msg_iov, parts_of(message), true);
}

void memory_messages_read(struct mmsghdr *messages, unsigned count)
{
    memory_written(messages, count <= IOV_MAX ? count * sizeof *messages : 0);
    for (unsigned i = 0; i < count && i < IOV_MAX; i++)
        memory_message_read(&messages[i].msg_hdr);
}

void memory_messages_written(struct mmsghdr *messages, unsigned count)
{
    memory_written(messages, count <= IOV_MAX ? count * sizeof *messages : 0);
    for (unsigned i = 0; i < count && i < IOV_MAX; i++)
        memory_message_written(&messages[i].msg_hdr);
}
