/*
 * line_server: see line_server.h. Texts: POSIX.1-2017 send(): fewer bytes than asked may be sent,
 * EINTR when a signal came before any, EPIPE and no signal with MSG_NOSIGNAL when the client is
 * gone.
 */
#include "line_server.h"

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "line_reader.h"

struct entry {
    size_t key_size, value_size;
    char key[KEY_BYTES_MAX];
    char value[VALUE_BYTES_MAX];
};

struct session {
    struct line_reader reader;
    bool quitting;
    size_t entry_count;
    struct entry entries[KEYS_MAX];
};

/* send_all sends every byte, in as many pieces as the socket takes. */
static int send_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);

        if (sent == -1 && errno == EINTR)
            continue;
        if (sent == -1)
            return -1;
        bytes += sent;
        size -= (size_t)sent;
    }
    return 0;
}

/* reply sends one line: the mark, the bytes, CR LF. */
static int reply(const struct session *s, char mark, struct bytes text)
{
    char line[1 + LINE_BYTES_MAX + 2];
    size_t size = 0;

    line[size++] = mark;
    memcpy(line + size, text.at, text.size);
    size += text.size;
    line[size++] = '\r';
    line[size++] = '\n';
    return send_all(s->reader.fd, line, size);
}

static int reply_text(const struct session *s, char mark, const char *text)
{
    return reply(s, mark, (struct bytes){text, strlen(text)});
}

static int reply_number(const struct session *s, int64_t number)
{
    char text[sizeof("-9223372036854775808")];

    snprintf(text, sizeof(text), "%" PRId64, number);
    return reply_text(s, '+', text);
}

/* next_word takes the bytes before the next space off rest; no bytes are no word. */
static bool next_word(struct bytes *rest, struct bytes *word)
{
    const char *space = rest->size ? memchr(rest->at, ' ', rest->size) : NULL;

    *word = (struct bytes){rest->at, space ? (size_t)(space - rest->at) : rest->size};
    rest->at += word->size;
    rest->size -= word->size;
    if (space) {
        rest->at++;
        rest->size--;
    }
    return word->size > 0;
}

static struct entry *find(struct session *s, struct bytes key)
{
    for (size_t i = 0; i < s->entry_count; i++) {
        struct entry *e = &s->entries[i];

        if (e->key_size == key.size && memcmp(e->key, key.at, key.size) == 0)
            return e;
    }
    return NULL;
}

static struct entry *find_or_add(struct session *s, struct bytes key)
{
    struct entry *e = find(s, key);

    if (e || s->entry_count == KEYS_MAX)
        return e;
    e = &s->entries[s->entry_count++];
    memcpy(e->key, key.at, key.size);
    e->key_size = key.size;
    return e;
}

static int command_echo(struct session *s, struct bytes rest)
{
    return reply(s, '+', rest);
}

static int command_set(struct session *s, struct bytes rest)
{
    struct bytes key;
    struct entry *e;

    if (!next_word(&rest, &key) || rest.size == 0)
        return reply_text(s, '-', "SET needs a key and a value");
    if (key.size > KEY_BYTES_MAX || rest.size > VALUE_BYTES_MAX)
        return reply_text(s, '-', "key or value too long");
    e = find_or_add(s, key);
    if (!e)
        return reply_text(s, '-', "too many keys");
    memcpy(e->value, rest.at, rest.size);
    e->value_size = rest.size;
    return reply_text(s, '+', "stored");
}

static int command_get(struct session *s, struct bytes rest)
{
    struct entry *e = find(s, rest);

    if (!e)
        return reply_text(s, '-', "no such key");
    return reply(s, '+', (struct bytes){e->value, e->value_size});
}

static int command_del(struct session *s, struct bytes rest)
{
    struct entry *e = find(s, rest);

    if (!e)
        return reply_text(s, '-', "no such key");
    *e = s->entries[--s->entry_count]; /* LIST promises no order */
    return reply_text(s, '+', "forgotten");
}

static int command_list(struct session *s, struct bytes rest)
{
    if (rest.size > 0)
        return reply_text(s, '-', "LIST takes no argument");
    if (reply_number(s, (int64_t)s->entry_count) == -1)
        return -1;
    for (size_t i = 0; i < s->entry_count; i++) {
        if (reply(s, ' ', (struct bytes){s->entries[i].key, s->entries[i].key_size}) == -1)
            return -1;
    }
    return 0;
}

/* parse_number reads an optional minus and decimal digits that fit 64 bits. */
static bool parse_number(struct bytes word, int64_t *number)
{
    bool negative = word.at[0] == '-';
    int64_t n = 0;

    if (word.size == (size_t)negative)
        return false;
    for (size_t i = negative; i < word.size; i++) {
        int digit = word.at[i] - '0';

        if (digit < 0 || digit > 9 || __builtin_mul_overflow(n, 10, &n) ||
            __builtin_add_overflow(n, negative ? -digit : digit, &n))
            return false;
    }
    *number = n;
    return true;
}

static int command_sum(struct session *s, struct bytes rest)
{
    struct bytes word;
    int64_t number, sum = 0;

    if (rest.size == 0)
        return reply_text(s, '-', "SUM needs numbers");
    while (rest.size > 0) {
        if (!next_word(&rest, &word) || !parse_number(word, &number))
            return reply_text(s, '-', "not a number");
        if (__builtin_add_overflow(sum, number, &sum))
            return reply_text(s, '-', "the sum is too large");
    }
    return reply_number(s, sum);
}

static int command_quit(struct session *s, struct bytes rest)
{
    if (rest.size > 0)
        return reply_text(s, '-', "QUIT takes no argument");
    s->quitting = true;
    return reply_text(s, '+', "bye");
}

static const struct {
    const char *name;
    int (*carry_out)(struct session *s, struct bytes rest);
} commands[] = {
    {"ECHO", command_echo}, {"SET", command_set}, {"GET", command_get},   {"DEL", command_del},
    {"LIST", command_list}, {"SUM", command_sum}, {"QUIT", command_quit},
};

static int answer(struct session *s, struct bytes line)
{
    struct bytes word;

    next_word(&line, &word);
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strlen(commands[i].name) == word.size &&
            memcmp(commands[i].name, word.at, word.size) == 0)
            return commands[i].carry_out(s, line);
    }
    return reply_text(s, '-', "unknown command");
}

int handle_client(int fd)
{
    struct session s = {.entry_count = 0};
    struct bytes line;
    int result = 0;

    line_reader_init(&s.reader, fd);
    while (result == 0 && !s.quitting) {
        switch (line_read(&s.reader, &line)) {
        case LINE_READ:
            result = answer(&s, line);
            break;
        case LINE_TOO_LONG:
            result = reply_text(&s, '-', "line too long");
            break;
        case LINE_END:
            return 0;
        case LINE_FAILED:
            return -1;
        }
    }
    return result;
}
