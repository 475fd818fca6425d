/* examples/rpc_client: whatever a server answers, and however it comes, the client stands it. */
#include <sockdrill/target.h>

#include "rpc_client.h"

SOCKDRILL_TCP_CLIENT(rpc_session)
