/* glib: GLib's addresses (GIO). */
#include "address/implementations/adapter.h"

#include <gio/gio.h>
#include <string.h>

/* Takes an address of the family; *address is released. */
static int take(struct sockdrill_address *out, GInetAddress *address, GSocketFamily family)
{
    bool accepted = address != NULL && g_inet_address_get_family(address) == family;

    if (accepted)
        memcpy(out->bytes, g_inet_address_to_bytes(address),
               g_inet_address_get_native_size(address));
    if (address != NULL)
        g_object_unref(address);
    return family == G_SOCKET_FAMILY_IPV4 ? adapter_ipv4(out, accepted)
                                          : adapter_ipv6(out, accepted);
}

static int read_address4(struct sockdrill_address *out, const char *text, size_t length)
{
    (void)length;
    return take(out, g_inet_address_new_from_string(text), G_SOCKET_FAMILY_IPV4);
}

static int read_address6(struct sockdrill_address *out, const char *text, size_t length)
{
    (void)length;
    return take(out, g_inet_address_new_from_string(text), G_SOCKET_FAMILY_IPV6);
}

static bool print_address(char text[ADAPTER_TEXT_MAX], const uint8_t bytes[16])
{
    GInetAddress *address = g_inet_address_new_from_bytes(bytes, G_SOCKET_FAMILY_IPV6);
    char *printed = g_inet_address_to_string(address);

    g_strlcpy(text, printed, ADAPTER_TEXT_MAX);
    g_free(printed);
    g_object_unref(address);
    return true;
}

static int read_printed(struct sockdrill_address *out, const char *text, size_t length)
{
    return adapter_printed(out, text, length, print_address);
}

/* It warns of a length that is too large, and goes on. */
static void say_nothing(const char *domain, GLogLevelFlags level, const char *message, void *data)
{
    (void)domain;
    (void)level;
    (void)message;
    (void)data;
}

static int read_mask(struct sockdrill_address *out, const char *text, size_t length)
{
    GLogFunc was = g_log_set_default_handler(say_nothing, NULL);
    GInetAddressMask *mask = g_inet_address_mask_new_from_string(text, NULL);
    GInetAddress *address;
    int reading;

    (void)length;
    g_log_set_default_handler(was, NULL);
    if (mask == NULL)
        return SOCKDRILL_REFUSED;
    address = g_inet_address_mask_get_address(mask);
    out->prefix = (int32_t)g_inet_address_mask_get_length(mask);
    reading = take(out, g_object_ref(address), g_inet_address_get_family(address));
    g_object_unref(mask);
    return reading;
}

static const struct sockdrill_address_parser parsers[] = {
    ADAPTER("g_inet_address_new_from_string IPv4", IPV4, read_address4),
    ADAPTER("g_inet_address_new_from_string IPv6", IPV6, read_address6),
    ADAPTER("g_inet_address_to_string", CANONICAL, read_printed),
    ADAPTER("g_inet_address_mask_new_from_string", PREFIX, read_mask),
};

ADAPTER_LIBRARY(glib, parsers);
