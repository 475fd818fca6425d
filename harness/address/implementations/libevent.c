/* libevent: evutil's addresses, and evhttp's URIs. */
#include "address/implementations/adapter.h"

#include <event2/http.h>
#include <event2/util.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int read_pton4(struct sockdrill_address *out, const char *text, size_t length)
{
    (void)length;
    return adapter_pton(out, AF_INET, text, evutil_inet_pton, 1);
}

static int read_pton6(struct sockdrill_address *out, const char *text, size_t length)
{
    (void)length;
    return adapter_pton(out, AF_INET6, text, evutil_inet_pton, 1);
}

static bool print_ntop(char text[ADAPTER_TEXT_MAX], const uint8_t bytes[16])
{
    return evutil_inet_ntop(AF_INET6, bytes, text, ADAPTER_TEXT_MAX) != NULL;
}

static int read_ntop(struct sockdrill_address *out, const char *text, size_t length)
{
    return adapter_printed(out, text, length, print_ntop);
}

static int read_uri(struct sockdrill_address *out, const char *text, size_t length)
{
    struct evhttp_uri *uri;
    const char *host;
    char *whole;
    int reading = SOCKDRILL_REFUSED;

    (void)length;
    if (adapter_ends(text))
        return SOCKDRILL_UNASKED;
    if (asprintf(&whole, "http://%s", text) < 0)
        return SOCKDRILL_REFUSED;
    uri = evhttp_uri_parse(whole);
    host = uri != NULL ? evhttp_uri_get_host(uri) : NULL;
    if (host != NULL && evhttp_uri_get_userinfo(uri) == NULL) {
        reading = adapter_host(out, host, strlen(host));
        out->port = evhttp_uri_get_port(uri);
    }
    if (uri != NULL)
        evhttp_uri_free(uri);
    free(whole);
    return reading;
}

static const struct sockdrill_address_parser parsers[] = {
    ADAPTER("evutil_inet_pton AF_INET", IPV4, read_pton4),
    ADAPTER("evutil_inet_pton AF_INET6", IPV6, read_pton6),
    ADAPTER("evutil_inet_ntop", CANONICAL, read_ntop),
    ADAPTER("evhttp_uri_parse", HOST, read_uri),
};

ADAPTER_LIBRARY(libevent, parsers);
