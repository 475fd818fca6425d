/* curl: the hosts of libcurl's URLs. */
#include "address/implementations/adapter.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A part of the URL, to be freed with curl_free; NULL if it has none. */
static char *part(CURLU *url, CURLUPart what)
{
    char *text = NULL;

    return curl_url_get(url, what, &text, 0) == CURLUE_OK ? text : NULL;
}

static bool has(CURLU *url, CURLUPart what)
{
    char *text = part(url, what);

    curl_free(text);
    return text != NULL;
}

static int take(struct sockdrill_address *out, CURLU *url)
{
    char *host = part(url, CURLUPART_HOST);
    char *port = part(url, CURLUPART_PORT);
    int reading = SOCKDRILL_REFUSED;

    if (host != NULL)
        reading = adapter_host(out, host, strlen(host));
    if (port != NULL)
        adapter_port(out, port, strlen(port));
    curl_free(host);
    curl_free(port);
    return reading;
}

static int read_url(struct sockdrill_address *out, const char *text, size_t length)
{
    int reading = SOCKDRILL_REFUSED;
    CURLU *url;
    char *whole;

    (void)length;
    if (adapter_ends(text))
        return SOCKDRILL_UNASKED;
    url = curl_url();
    if (asprintf(&whole, "http://%s", text) < 0)
        whole = NULL;
    if (url != NULL && whole != NULL && curl_url_set(url, CURLUPART_URL, whole, 0) == CURLUE_OK &&
        !has(url, CURLUPART_USER) && !has(url, CURLUPART_PASSWORD))
        reading = take(out, url);
    free(whole);
    curl_url_cleanup(url);
    return reading;
}

static const struct sockdrill_address_parser parsers[] = {
    ADAPTER("curl_url_set", HOST, read_url),
};

ADAPTER_LIBRARY(curl, parsers);
