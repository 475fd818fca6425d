/*
 * examples/line_server: whatever a client sends, in whatever pieces, the server neither crashes nor
 * hangs. The client is the drill's variable `remote`.
 */
#include <sockdrill/target.h>

#include "line_server.h"

SOCKDRILL_TCP_SERVER(handle_client)
