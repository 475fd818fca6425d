/* lists: the tables behind lists.h. */
#include "lists/lists.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

#include "lists/strength.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define V(name, value) {#name, value},
#define VALUES(list, ...) static const struct named_value value_entries_##list[] = {__VA_ARGS__};
#include "lists/values.def"
#undef VALUES
#undef V

#define F(name) {#name, (int)(name)},
#define FLAGS(set, ...) static const struct named_value flag_entries_##set[] = {__VA_ARGS__};
#include "lists/flags.def"
#undef FLAGS
#undef F

static const struct value_table value_tables[VALUE_LISTS] = {
#define VALUES(list, ...) [VALUES_##list] = {value_entries_##list, COUNT(value_entries_##list)},
#include "lists/values.def"
#undef VALUES
};

static const struct value_table flag_tables[FLAG_SETS] = {
#define FLAGS(set, ...) [FLAGS_##set] = {flag_entries_##set, COUNT(flag_entries_##set)},
#include "lists/flags.def"
#undef FLAGS
};

static const struct option_info option_entries[] = {
#define OPTION(level, name, form) {#level, #name, level, name, OPTION_##form},
#include "lists/options.def"
#undef OPTION
};

static const struct control_info control_entries[] = {
#define CONTROL(level, name, form) {#name, level, name, CONTROL_##form},
#include "lists/controls.def"
#undef CONTROL
};

static const struct host_info host_entries[HOSTS] = {
#define ADDRESS(name, family, bytes) [HOST_##name] = {family, bytes},
#include "lists/addresses.def"
#undef ADDRESS
};

static const struct named_value errno_entries[] = {
#define ERRNO(name) {#name, name},
#include "lists/errnos.def"
#undef ERRNO
};

const struct value_table *values(enum value_list list)
{
    return &value_tables[list];
}

const struct value_table *flags(enum flag_set set)
{
    return &flag_tables[set];
}

int flags_value(enum flag_set set, unsigned bits)
{
    const struct value_table *table = &flag_tables[set];
    int value = 0;

    for (size_t i = 0; bits != 0 && i < table->count; i++, bits >>= 1)
        if (bits & 1)
            value |= table->entries[i].value;
    return value;
}

void flags_print(FILE *out, enum flag_set set, unsigned bits)
{
    const struct value_table *table = &flag_tables[set];
    const char *separator = "";

    for (size_t i = 0; i < table->count; i++) {
        if (!(bits >> i & 1))
            continue;
        fprintf(out, "%s%s", separator, table->entries[i].name);
        separator = "|";
    }
    if (*separator == '\0')
        fputc('0', out);
}

const struct option_info *options(size_t *count)
{
    *count = COUNT(option_entries);
    return option_entries;
}

const struct control_info *controls(size_t *count)
{
    *count = COUNT(control_entries);
    return control_entries;
}

const struct host_info *hosts(void)
{
    return host_entries;
}

const char *errno_name(int number)
{
    for (size_t i = 0; i < COUNT(errno_entries); i++)
        if (errno_entries[i].value == number)
            return errno_entries[i].name;
    return NULL;
}

int errno_number(const char *name, size_t length)
{
    for (size_t i = 0; i < COUNT(errno_entries); i++)
        if (strlen(errno_entries[i].name) == length &&
            memcmp(errno_entries[i].name, name, length) == 0)
            return errno_entries[i].value;
    return 0;
}

const char *strength_name(enum strength strength)
{
    static const char *const names[STRENGTHS] = {"shall", "should", "may", "Linux"};

    return names[strength];
}
