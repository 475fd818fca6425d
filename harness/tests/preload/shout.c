/*
 * shout: a server as people write them, which knows nothing of sockdrill: it says back what each of
 * its clients says, in capitals. It is compiled without any header of ours.
 *
 *     shout PORT [udp]
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void raise_voice(char *text, ssize_t size)
{
    for (ssize_t i = 0; i < size; i++)
        text[i] = (char)toupper((unsigned char)text[i]);
}

static void serve(int fd)
{
    char text[256];
    ssize_t size;

    while ((size = read(fd, text, sizeof text)) > 0) {
        if (memcmp(text, "crash", 5) == 0)
            abort();
        raise_voice(text, size);
        if (write(fd, text, (size_t)size) != size)
            break;
    }
    close(fd);
}

static void answer(int fd)
{
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    char text[256];
    ssize_t size;

    size = recvfrom(fd, text, sizeof text, 0, (struct sockaddr *)&from, &length);
    if (size < 0)
        return;
    raise_voice(text, size);
    sendto(fd, text, (size_t)size, 0, (struct sockaddr *)&from, length);
}

int main(int count, char **arguments)
{
    int type = count > 2 && strcmp(arguments[2], "udp") == 0 ? SOCK_DGRAM : SOCK_STREAM;
    struct sockaddr_in name = {.sin_family = AF_INET};
    int listener = socket(AF_INET, type, 0);
    int client;

    name.sin_port = htons((unsigned short)(count > 1 ? strtol(arguments[1], NULL, 10) : 7));
    if (bind(listener, (struct sockaddr *)&name, sizeof name) != 0 ||
        (type == SOCK_STREAM && listen(listener, 8) != 0)) {
        perror("shout");
        return 1;
    }
    if (type == SOCK_DGRAM)
        for (;;)
            answer(listener);
    while ((client = accept(listener, NULL, NULL)) >= 0)
        serve(client);
    perror("accept");
    return 1;
}
