/* apr: the Apache Portable Runtime. */
#include "address/implementations/adapter.h"

#include <apr_general.h>
#include <apr_network_io.h>
#include <string.h>

static apr_pool_t *make_pool(void)
{
    static bool initialised;
    apr_pool_t *pool = NULL;

    if (!initialised)
        initialised = apr_initialize() == APR_SUCCESS;
    apr_pool_create(&pool, NULL);
    return pool;
}

static int read_host_and_port(struct sockdrill_address *out, const char *text, size_t length)
{
    apr_pool_t *pool = make_pool();
    char *host, *scope;
    apr_port_t port;
    int reading = SOCKDRILL_REFUSED;

    (void)length;
    if (apr_parse_addr_port(&host, &scope, &port, text, pool) == APR_SUCCESS && host != NULL) {
        reading = adapter_host(out, host, strlen(host));
        if (port > 0)
            out->port = port;
    }
    apr_pool_destroy(pool);
    return reading;
}

static const struct sockdrill_address_parser parsers[] = {
    ADAPTER("apr_parse_addr_port", HOST, read_host_and_port),
};

ADAPTER_LIBRARY(apr, parsers);
