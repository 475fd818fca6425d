/* piece: the eight pieces of 16 bits of an IPv6 address. */
#ifndef SOCKDRILL_ADDRESS_PIECE_H
#define SOCKDRILL_ADDRESS_PIECE_H

#include <stddef.h>
#include <stdint.h>

enum { PIECES = 8 };

static inline unsigned piece_get(const uint8_t bytes[16], int at)
{
    size_t first = (size_t)at * 2;

    return (unsigned)bytes[first] << 8 | bytes[first + 1];
}

static inline void piece_set(uint8_t bytes[16], int at, unsigned piece)
{
    size_t first = (size_t)at * 2;

    bytes[first] = (uint8_t)(piece >> 8);
    bytes[first + 1] = (uint8_t)piece;
}

#endif
