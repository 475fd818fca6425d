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

/* Reads a call without its actor. */
static bool parse_plain_call(struct parser *p)
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

/* Reads "A:" if it is there. */
static bool parse_actor(struct parser *p, uint8_t *actor)
{
    const char *place = p->scan.next;
    const char *known;
    struct word word;

    *actor = 0;
    if (!scan_peek_word(&p->scan, &word))
        return true;
    p->scan.next = word.text + word.size;
    if (!scan_accept(&p->scan, ':')) {
        p->scan.next = place;
        return true;
    }
    known = word.size == 1 ? strchr(text_actor_names, word.text[0]) : NULL;
    if (known == NULL)
        return scan_fail_at(&p->scan, word.text, "expected an actor: A, B or C");
    *actor = (uint8_t)(1 + (known - text_actor_names));
    p->notes->uses_actors = true;
    return true;
}

static bool parse_act(struct parser *p, enum act act, uint8_t actor, const char *place)
{
    return actors_act(&p->actors, act, actor, p->call) ||
           scan_fail_at(&p->scan, place, "%c has made no call yet", text_actor_names[actor - 1]);
}

/* Reads the name of the call that is resumed, after what comes before it. */
static bool parse_resumed(struct parser *p, uint8_t actor)
{
    const char *place = p->scan.next;
    struct word name;

    if (!scan_word(&p->scan, &name))
        return scan_fail(&p->scan, "the call that is resumed");
    if (!parse_act(p, ACT_RESUME, actor, place))
        return false;
    if (!word_is(&name, call_info(p->call->op)->name))
        return scan_fail_at(&p->scan, name.text, "%c's last call is %s",
                            text_actor_names[actor - 1], call_info(p->call->op)->name);
    return scan_expect(&p->scan, '>');
}

static bool parse_signal(struct parser *p, uint8_t actor)
{
    if (!parse_act(p, ACT_SIGNAL, actor, p->scan.next))
        return false;
    p->call->restarts = scan_accept_text(&p->scan, TEXT_RESTARTS);
    return scan_accept_text(&p->scan, TEXT_SIGNAL_END) ||
           scan_fail(&p->scan, "{SA_RESTART} or ---");
}

bool parse_call(struct parser *p)
{
    uint8_t actor;

    if (!parse_actor(p, &actor))
        return false;
    if (actor != 0 && scan_accept_text(&p->scan, TEXT_RESUMED))
        return parse_resumed(p, actor);
    if (actor != 0 && scan_accept_text(&p->scan, TEXT_SIGNAL))
        return parse_signal(p, actor);
    if (!parse_plain_call(p))
        return false;
    p->actors.next = actor;
    actors_call(&p->actors, p->call);
    return true;
}

/* Whether an answer follows, and not an assignment to a variable of that name. */
static bool is_answer(const struct parser *p)
{
    struct scan ahead = p->scan;
    struct word word;

    return scan_accept_word(&ahead, "answer") && scan_peek_word(&ahead, &word);
}

static bool parse_answer_kind(struct parser *p, struct answer *answer)
{
    struct word call;

    if (!scan_word(&p->scan, &call))
        return scan_fail(&p->scan, "a kind of call");
    for (unsigned kind = 0; kind < ANSWER_KINDS; kind++) {
        const struct answer_info *info = answer_info(kind);

        if (word_is(&call, answer_call_name(info->call)) &&
            scan_accept_text(&p->scan, info->answer)) {
            answer->kind = (uint8_t)kind;
            return true;
        }
    }
    return scan_fail(&p->scan, "an answer to such a call: see lists/answers.def");
}

static bool parse_answer(struct parser *p)
{
    uint32_t index = p->drill->answer_count;
    struct answer *answer = &p->drill->answers[index];
    int64_t number = 0;

    if (index == ANSWERS_MAX)
        return scan_fail_at(&p->scan, p->scan.next, "a drill has at most %d answers", ANSWERS_MAX);
    *answer = (struct answer){.kind = 0};
    p->notes->answer_lines[index] = p->scan.line;
    if (!scan_accept_word(&p->scan, "answer") || !parse_answer_kind(p, answer))
        return false;
    if (answer_takes_number(answer->kind) &&
        !scan_number(&p->scan, &number, 0, ANSWER_NUMBER_MAX, "a number up to 65535"))
        return false;
    answer->number = (uint16_t)number;
    number = 0;
    if (answer_names_socket(answer->kind) && scan_accept_word(&p->scan, "on") &&
        !scan_number(&p->scan, &number, 0, ANSWER_SOCKETS - 1, "which socket, up to 15"))
        return false;
    answer->socket = (uint8_t)number;
    p->drill->answer_count++;
    return scan_line_end(&p->scan) || scan_fail(&p->scan, "the end of the line");
}

static bool parse_line(struct parser *p)
{
    uint32_t index = p->drill->call_count;

    if (scan_line_end(&p->scan))
        return true;
    if (is_answer(p))
        return parse_answer(p);
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

    drill->call_count = drill->answer_count = 0;
    memset(notes->names, 0, sizeof notes->names);
    notes->uses_remote = false;
    notes->uses_actors = false;
    notes->text_used = 0;
    scan_start(&parser.scan, text, size, error);
    while (parser.scan.next < parser.scan.end)
        if (!parse_line(&parser))
            return false;
    return true;
}
