/* parse: text to calls, strictly: variables and lines. */
#include <string.h>

#include "drill/parser.h"
#include "drill/text.h"

/* --- variables --- */

/* The canonical names s0 to s15 stand for their slots, assigned or not. */
static bool canonical_slot(const struct word *name, unsigned *slot)
{
    char text[DRILL_NAME_MAX];

    for (*slot = 0; *slot < SLOTS_MAX; ++*slot) {
        snprintf(text, sizeof text, "s%u", *slot);
        if (word_is(name, text))
            return true;
    }
    return false;
}

static bool known_slot(const struct parser *p, const struct word *name, unsigned *slot)
{
    for (*slot = 0; *slot < SLOTS_MAX; ++*slot)
        if (word_is(name, p->notes->names[*slot]))
            return true;
    return false;
}

static bool take_slot(struct parser *p, const struct word *name, unsigned slot)
{
    if (slot >= SLOTS_MAX)
        return scan_fail_at(&p->scan, name->text, "\"%.*s\" is one variable too many: %d at most",
                            (int)name->size, name->text, SLOTS_MAX);
    if (p->notes->names[slot][0] != '\0')
        return scan_fail_at(&p->scan, name->text, "\"%.*s\" and \"%s\" would be the same variable",
                            (int)name->size, name->text, p->notes->names[slot]);
    memcpy(p->notes->names[slot], name->text, name->size);
    p->notes->names[slot][name->size] = '\0';
    return true;
}

bool parse_new_slot(struct parser *p, const struct word *name, uint8_t *slot)
{
    unsigned found;

    if (word_is(name, text_fd_names[FD_NOT_SOCKET - SLOTS_MAX]))
        return scan_fail_at(&p->scan, name->text, "\"%.*s\" is no variable: it is an open file",
                            (int)name->size, name->text);
    if (name->size >= DRILL_NAME_MAX)
        return scan_fail_at(&p->scan, name->text, "expected a name of at most %d characters",
                            DRILL_NAME_MAX - 1);
    if (!known_slot(p, name, &found)) {
        if (word_is(name, TEXT_REMOTE))
            found = SLOT_REMOTE;
        else if (!canonical_slot(name, &found))
            for (found = 0; found < SLOTS_MAX && p->notes->names[found][0] != '\0';)
                found++;
        if (!take_slot(p, name, found))
            return false;
    }
    *slot = (uint8_t)found;
    return true;
}

bool parse_slot(struct parser *p, uint8_t *slot)
{
    struct word name;
    unsigned found;

    if (!scan_word(&p->scan, &name))
        return scan_fail(&p->scan, "a variable");
    if (!known_slot(p, &name, &found)) {
        if (word_is(&name, TEXT_REMOTE)) {
            found = SLOT_REMOTE;
            p->notes->uses_remote = true;
        } else if (!canonical_slot(&name, &found)) {
            return scan_fail_at(&p->scan, name.text, "variable \"%.*s\" has not been assigned",
                                name.size > 40 ? 40 : (int)name.size, name.text);
        }
        if (!take_slot(p, &name, found))
            return false;
    }
    *slot = (uint8_t)found;
    return true;
}

bool parse_fd_ref(struct parser *p, uint8_t *fd)
{
    static const char what[] = "a descriptor: a variable, -1, 2147483647 or not_socket";
    struct word word;
    const char *start;
    int64_t number;

    if (scan_accept_word(&p->scan, text_fd_names[FD_NOT_SOCKET - SLOTS_MAX])) {
        *fd = FD_NOT_SOCKET;
        return true;
    }
    if (scan_peek_word(&p->scan, &word))
        return parse_slot(p, fd);
    start = p->scan.next;
    if (!scan_number(&p->scan, &number, INT32_MIN, INT32_MAX, what))
        return false;
    if (number != -1 && number != INT32_MAX)
        return scan_fail_at(&p->scan, start, "expected %s, found %d", what, (int)number);
    *fd = number == -1 ? FD_NEGATIVE : FD_HUGE;
    return true;
}

/* --- lines --- */

static bool parse_op(struct parser *p, const struct word *name)
{
    for (unsigned op = 0; op < OPS; op++) {
        if (word_is(name, call_info(op)->name)) {
            p->call->op = (uint8_t)op;
            return true;
        }
    }
    return scan_fail_at(&p->scan, name->text, "unknown call \"%.*s\": see lists/calls.def",
                        name->size > 40 ? 40 : (int)name->size, name->text);
}

/* Reads "variable =" if it is there; the word that follows, the call's name, is read too. */
static bool parse_assignment(struct parser *p, struct word *variable, struct word *name)
{
    *variable = (struct word){NULL, 0};
    if (!scan_word(&p->scan, name))
        return scan_fail(&p->scan, "a call or an assignment");
    if (!scan_accept(&p->scan, '='))
        return true;
    *variable = *name;
    return scan_word(&p->scan, name) || scan_fail(&p->scan, "a call");
}

bool parse_call(struct parser *p)
{
    struct word variable;
    struct word name;

    if (!parse_assignment(p, &variable, &name) || !parse_op(p, &name))
        return false;
    if (!scan_expect(&p->scan, '(') || !parse_arguments(p) || !scan_expect(&p->scan, ')'))
        return false;
    if (call_creates(p->call) && variable.text == NULL)
        return scan_fail_at(&p->scan, name.text, "expected \"variable = %s(...)\"",
                            call_info(p->call->op)->name);
    if (!call_creates(p->call) && variable.text != NULL)
        return scan_fail_at(&p->scan, variable.text, "%s makes no descriptor to assign",
                            call_info(p->call->op)->name);
    /* Last, because the arguments still see what the variable held before. */
    return variable.text == NULL || parse_new_slot(p, &variable, &p->call->result);
}

static bool parse_line(struct parser *p)
{
    uint32_t index = p->drill->call_count;

    if (scan_line_end(&p->scan))
        return true;
    if (index == DRILL_CALLS_MAX)
        return scan_fail_at(&p->scan, p->scan.next, "a drill has at most %d calls",
                            DRILL_CALLS_MAX);
    p->call = &p->drill->calls[index];
    memset(p->call, 0, sizeof *p->call);
    p->notes->lines[index] = p->scan.line;
    p->notes->expected[index] = NULL;
    if (!parse_call(p) || !parse_expectation(p))
        return false;
    p->drill->call_count++;
    return scan_line_end(&p->scan) || scan_fail(&p->scan, "the end of the line");
}

bool drill_parse(struct drill *drill, struct drill_notes *notes, struct drill_error *error,
                 const char *text, size_t size)
{
    struct parser parser = {.drill = drill, .notes = notes};

    drill->call_count = 0;
    memset(notes->names, 0, sizeof notes->names);
    notes->uses_remote = false;
    notes->text_used = 0;
    scan_start(&parser.scan, text, size, error);
    while (parser.scan.next < parser.scan.end)
        if (!parse_line(&parser))
            return false;
    return true;
}
