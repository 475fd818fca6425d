/*
 * model_differs: the conformance drills in which the model does not come to what the kernel comes
 * to, each with the reason. A drill that is listed and does come to the same fails the test.
 */
#ifndef SOCKDRILL_TESTS_MODEL_DIFFERS_H
#define SOCKDRILL_TESTS_MODEL_DIFFERS_H

#define TIME_WAIT "the model lets an address be taken that TIME-WAIT keeps"
#define URGENT "the model reports an urgent byte that became data, and the kernel does not"
#define PATH "the model does not know when a path MTU is forgotten"
#define ROOM "the model knows no buffer to be full"
#define PARTS "a blocked recv that has a part is shown with it before its end"
#define OFFENDER "the model does not say from which node a queued error came"
#define BLOCKED_SEND "the model does not know how much a blocked send has moved"
#define HELD "the model delivers at once what is corked, which tcp(7) holds back"
#define TICKS "a time is rounded to the machine's clock ticks"
#define SEGMENT "the model takes a segment size that the kernel finds too small"

static const struct {
    const char *drill;
    const char *why;
} model_differs[] = {
    {"bind/address_that_was_just_left_ipv4.drill", TIME_WAIT},
    {"bind/address_that_was_just_left_ipv6.drill", TIME_WAIT},
    {"bind/time_wait_keeps_the_address_ipv4.drill", TIME_WAIT},
    {"bind/time_wait_keeps_the_address_ipv6.drill", TIME_WAIT},
    {"epoll_wait/urgent_byte_becomes_data_ipv4.drill", URGENT},
    {"epoll_wait/urgent_byte_becomes_data_ipv6.drill", URGENT},
    {"getsockopt/path_is_forgotten_ipv4.drill", PATH},
    {"getsockopt/path_is_forgotten_ipv6.drill", PATH},
    {"poll/no_room_to_write_ipv4.drill", ROOM},
    {"poll/no_room_to_write_ipv6.drill", ROOM},
    {"recv/blocked_all_comes_in_parts_ipv4.drill", PARTS},
    {"recv/blocked_all_comes_in_parts_ipv6.drill", PARTS},
    {"recv/blocked_all_interrupted_after_a_part_ipv4.drill", PARTS},
    {"recv/blocked_all_interrupted_after_a_part_ipv6.drill", PARTS},
    {"recv/blocked_low_water_mark_ipv4.drill", PARTS},
    {"recv/blocked_low_water_mark_ipv6.drill", PARTS},
    {"recv/datagrams_beyond_the_buffer_ipv4.drill", ROOM},
    {"recv/datagrams_beyond_the_buffer_ipv6.drill", ROOM},
    {"recvmsg/queued_error_ipv4.drill", OFFENDER},
    {"recvmsg/queued_error_ipv6.drill", OFFENDER},
    {"send/blocked_interrupted_after_a_part_ipv4.drill", BLOCKED_SEND},
    {"send/blocked_interrupted_after_a_part_ipv6.drill", BLOCKED_SEND},
    {"send/blocked_peer_resets_ipv4.drill", BLOCKED_SEND},
    {"send/blocked_peer_resets_ipv6.drill", BLOCKED_SEND},
    {"send/more_is_coming_ipv4.drill", HELD},
    {"send/more_is_coming_ipv6.drill", HELD},
    {"send/room_runs_out_ipv4.drill", ROOM},
    {"send/room_runs_out_ipv6.drill", ROOM},
    {"setsockopt/receive_time_out_ipv4.drill", TICKS},
    {"setsockopt/receive_time_out_ipv6.drill", TICKS},
    {"setsockopt/tcp_cork_ipv4.drill", HELD},
    {"setsockopt/tcp_cork_ipv6.drill", HELD},
    {"setsockopt/tcp_maxseg_ipv4.drill", SEGMENT},
    {"setsockopt/tcp_maxseg_ipv6.drill", SEGMENT},
};

#endif
