/*
 * fixed: a sequence target whose inputs are never changed, so that libFuzzer's whole loop runs on
 * one drill. With a corpus of one drill its rate is that of the drill.
 */
#include "sequence.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed)
{
    (void)data;
    (void)seed;
    return size < size_max ? size : size_max;
}

SOCKDRILL_DRILL(sequence_run, &drill_rules_any)
