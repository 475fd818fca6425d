/* examples/echo_server: whatever its clients do, the server goes on. */
#include <sockdrill/target.h>

SOCKDRILL_MAIN("echo_server", "8007")
