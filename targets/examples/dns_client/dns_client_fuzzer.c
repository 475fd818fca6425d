/* examples/dns_client: whatever comes for an answer, and whenever, the client stands it. */
#include <sockdrill/target.h>

#include "dns_client.h"

SOCKDRILL_UDP_CLIENT(dns_ask)
