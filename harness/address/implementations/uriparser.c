/* uriparser: the hosts of uriparser's URIs. */
#include "address/implementations/adapter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uriparser/Uri.h>

#include "address/forms.h"

static void take_host(struct sockdrill_address *out, const UriUriA *uri)
{
    const UriHostDataA *host = &uri->hostData;
    size_t length = (size_t)(uri->hostText.afterLast - uri->hostText.first);

    if (host->ip4 != NULL) {
        memcpy(out->bytes, host->ip4->data, sizeof host->ip4->data);
        adapter_ipv4(out, true);
    } else if (host->ip6 != NULL) {
        memcpy(out->bytes, host->ip6->data, sizeof host->ip6->data);
        adapter_ipv6(out, true);
    } else {
        out->host = host->ipFuture.first != NULL ? SOCKDRILL_HOST_FUTURE : SOCKDRILL_HOST_NAME;
        address_name(out, uri->hostText.first, length);
    }
}

static int take(struct sockdrill_address *out, const UriUriA *uri)
{
    if (uri->hostText.first == NULL || uri->userInfo.first != NULL)
        return SOCKDRILL_REFUSED;
    take_host(out, uri);
    if (uri->portText.first != NULL)
        adapter_port(out, uri->portText.first,
                     (size_t)(uri->portText.afterLast - uri->portText.first));
    return SOCKDRILL_ACCEPTED;
}

static int read_uri(struct sockdrill_address *out, const char *text, size_t length)
{
    int reading = SOCKDRILL_REFUSED;
    const char *error;
    UriUriA uri;
    char *whole;

    (void)length;
    if (adapter_ends(text))
        return SOCKDRILL_UNASKED;
    if (asprintf(&whole, "//%s", text) < 0)
        return SOCKDRILL_REFUSED;
    if (uriParseSingleUriA(&uri, whole, &error) == URI_SUCCESS) {
        reading = take(out, &uri);
        uriFreeUriMembersA(&uri);
    }
    free(whole);
    return reading;
}

static const struct sockdrill_address_parser parsers[] = {
    ADAPTER("uriParseSingleUri", HOST, read_uri),
};

ADAPTER_LIBRARY(uriparser, parsers);
