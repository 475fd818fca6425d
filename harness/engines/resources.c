/* resources: see resources.h. */
#include "engines/resources.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static long count_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    long count = -3; /* ".", ".." and the folder itself */

    if (folder == NULL)
        return -1;
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

/* Calls take for each line of a file of /proc and adds up what it returns; -1 if it cannot be read.
 */
static long sum_lines(const char *path, long (*take)(char *line))
{
    FILE *file = fopen(path, "r");
    char line[512];
    long sum = 0;

    if (file == NULL)
        return -1;
    while (fgets(line, sizeof line, file) != NULL)
        sum += take(line);
    fclose(file);
    return sum;
}

static long take_resident(char *line)
{
    return strncmp(line, "VmRSS:", 6) == 0 ? strtol(line + 6, NULL, 10) : 0;
}

/*
 * "TCP: inuse 5 orphan 0 tw 0 alloc 7 mem 1", "UDP: inuse 2 mem 1": the counts of sockets. Orphans
 * are in use as well; their own count is that of the whole machine, not of the namespace.
 */
static long take_sockets(char *line)
{
    static const char *const names[] = {"inuse", "tw"};
    long sum = 0;
    char *rest;

    for (char *word = strtok_r(line, " \n", &rest); word != NULL;
         word = strtok_r(NULL, " \n", &rest))
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (strcmp(word, names[i]) == 0)
                sum += strtol(strtok_r(NULL, " \n", &rest), NULL, 10);
    return sum;
}

/* "eth0: bytes packets ... (8 fields of receiving) bytes packets ...": all packets, except of lo.
 */
static long take_packets(char *line)
{
    enum { RECEIVED = 1, SENT = 9 };
    char *fields = strchr(line, ':');
    long packets = 0;

    if (fields == NULL || strstr(line, " lo:") != NULL || strncmp(line, "lo:", 3) == 0)
        return 0;
    fields++;
    for (int field = 0; field <= SENT; field++) {
        long value = strtol(fields, &fields, 10);

        if (field == RECEIVED || field == SENT)
            packets += value;
    }
    return packets;
}

bool resources_sample(struct resources *r)
{
    r->descriptors = count_descriptors();
    r->resident_kb = sum_lines("/proc/self/status", take_resident);
    r->sockets = sum_lines("/proc/net/sockstat", take_sockets);
    if (r->sockets >= 0)
        r->sockets += sum_lines("/proc/net/sockstat6", take_sockets);
    r->beyond_lo = sum_lines("/proc/net/dev", take_packets);
    return r->descriptors >= 0 && r->resident_kb > 0 && r->sockets >= 0 && r->beyond_lo >= 0;
}

void resources_print(FILE *out, const char *name, const struct resources *r)
{
    fprintf(out,
            "{\"sample\": \"%s\", \"descriptors\": %ld, \"resident_kb\": %ld, \"sockets\": %ld, "
            "\"packets_beyond_lo\": %ld}\n",
            name, r->descriptors, r->resident_kb, r->sockets, r->beyond_lo);
}

bool resources_kept(const struct resources *first, const struct resources *second)
{
    return second->descriptors == first->descriptors && second->sockets == first->sockets &&
           second->resident_kb <= first->resident_kb + RESOURCES_GROWTH_KB_MAX &&
           second->beyond_lo == first->beyond_lo;
}
