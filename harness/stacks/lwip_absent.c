/* lwip_absent: lwip.h where sockdrill is built without lwIP. */
#include <stdio.h>

#include "stacks/lwip.h"

bool lwip_start(const struct sockdrill_stack **stack, char error[STACK_ERROR_MAX])
{
    (void)stack;
    snprintf(error, STACK_ERROR_MAX,
             "this sockdrill was built without lwIP: install liblwip-dev and build it again");
    return false;
}
