/* start: prepares a target's process before main, whatever the engine. Compiled into each target.
 */
#include "engines/run.h"

static void __attribute__((constructor)) start(void)
{
    run_start();
}
