/* print_message: what is sent and received in parts, as text; parse_message.c reads it. */
#include "drill/printer.h"
#include "drill/text.h"

/* Writes the number of parts that is claimed, where it is not that of the list. */
static void print_claim(struct printer *p)
{
    bool listed = p->call->bad != BAD_HEADER && p->call->bad != BAD_PARTS;

    if (p->call->part_count == 0 && !listed)
        fputs("0", print_next(p));
    else if (p->call->part_claim != PARTS_ALL)
        fprintf(print_next(p), "%d", part_claims[p->call->part_claim]);
}

/* Writes parts that are no memory, or whose list is none. */
static bool print_bad_parts(struct printer *p, uint32_t size)
{
    switch (p->call->bad) {
    case BAD_HEADER:
        print_bad(p, BAD_HEADER);
        break;
    case BAD_PARTS:
        fputs(TEXT_PARTS " " TEXT_BAD, print_next(p));
        break;
    case BAD_DATA:
        fprintf(print_next(p), "[" TEXT_BAD " %u]", size);
        break;
    default:
        return false;
    }
    print_claim(p);
    return true;
}

/* --- what is sent --- */

static void print_list(FILE *out, const struct call *call)
{
    const uint8_t *part = call->data;

    fputc('[', out);
    for (size_t i = 0; i < call->part_count; i++) {
        if (i > 0)
            fputs(", ", out);
        drill_print_bytes(out, part, call->parts[i]);
        part += call->parts[i];
    }
    fputc(']', out);
}

void print_parts(struct printer *p)
{
    FILE *out;

    if (print_bad_parts(p, p->call->number))
        return;
    out = print_next(p);
    if (p->call->number > 0)
        fputs(TEXT_FILL "(", out);
    print_list(out, p->call);
    if (p->call->number > 0)
        fprintf(out, ", %u)", p->call->number);
    print_claim(p);
}

static void print_control(FILE *out, const struct control *control)
{
    size_t count;
    const struct control_info *info = &controls(&count)[control->kind];

    fprintf(out, "{%s ", info->name);
    if (info->form == CONTROL_HOST)
        print_host(out, hosts()[control->value].family, hosts()[control->value].bytes);
    else
        fprintf(out, "%d", control->value);
    if (control->length != CONTROL_NATURAL)
        fprintf(out, ", %d", control_lengths[control->length]);
    fputc('}', out);
}

static void print_controls(struct printer *p)
{
    const struct call *call = p->call;
    FILE *out;

    if (!print_bad(p, BAD_CONTROL)) {
        if (call->control_count == 0 && call->control_length == CONTROL_NATURAL)
            return;
        out = print_next(p);
        fputc('[', out);
        for (size_t i = 0; i < call->control_count; i++) {
            if (i > 0)
                fputs(", ", out);
            print_control(out, &call->controls[i]);
        }
        fputc(']', out);
    }
    if (call->control_length != CONTROL_NATURAL)
        fprintf(print_next(p), "%d", control_lengths[call->control_length]);
}

/* Opens the braces of a message; what stands in them is separated by itself. */
static struct printer open_message(struct printer *p)
{
    fputc('{', print_next(p));
    return (struct printer){.out = p->out, .call = p->call, .notes = p->notes, .separator = ""};
}

void print_sent_message(struct printer *p)
{
    struct printer inner;

    if (print_bad(p, BAD_HEADER))
        return;
    inner = open_message(p);
    if (p->call->address.kind == ADDRESS_NONE)
        fputs(TEXT_NULL, print_next(&inner));
    else
        print_address(&inner);
    print_parts(&inner);
    print_controls(&inner);
    fputc('}', p->out);
}

/* --- what is received --- */

void print_rooms(struct printer *p)
{
    FILE *out;

    if (print_bad_parts(p, p->call->parts[0]))
        return;
    out = print_next(p);
    fputc('[', out);
    for (size_t i = 0; i < p->call->part_count; i++)
        fprintf(out, "%s%u", i > 0 ? ", " : "", p->call->parts[i]);
    fputc(']', out);
    print_claim(p);
}

void print_received_message(struct printer *p)
{
    struct printer inner;

    if (print_bad(p, BAD_HEADER))
        return;
    inner = open_message(p);
    print_name_length(&inner);
    print_rooms(&inner);
    if (p->call->bad == BAD_CONTROL)
        fprintf(print_next(&inner), TEXT_CONTROL " " TEXT_BAD " %u", p->call->number);
    else if (p->call->number > 0)
        fprintf(print_next(&inner), TEXT_CONTROL " %u", p->call->number);
    fputc('}', p->out);
}
