/* test_world: a world is put back, copied, compared and reset whole. */
#include <string.h>

#include "spec/world.h"
#include "tests/support/check.h"

static struct world world;
static struct world before;
static struct world copy;
static struct undo undo;

static int set_up(void **state)
{
    (void)state;
    world_init(&world, &profile_linux);
    world_init(&copy, &profile_linux);
    world_init(&before, &profile_linux);
    world.undo = &undo;
    world_commit(&world);
    return 0;
}

static void open_at(int fd, int type)
{
    uint16_t sock = world_new_sock(&world, AF_INET, type);

    assert_int_not_equal(sock, NO_SOCK);
    assert_true(world_open(&world, fd, (struct descriptor){.sock = (uint16_t)(sock + 1)}));
}

static void test_undo_puts_everything_back(void **state)
{
    uint64_t hash;
    uint32_t mark;

    (void)state;
    open_at(3, SOCK_STREAM);
    world_commit(&world);
    hash = world_hash(&world);
    world_copy(&before, &world);
    open_at(4, SOCK_DGRAM);
    mark = world_mark(&world);
    sock_edit(&world, world_sock(&world, 3))->nonblocking = true;
    sock_become(&world, world_sock(&world, 3), SOCK_LISTENING);
    world_close(&world, 4);
    world_open_other(&world, 700);
    assert_null(world_sock(&world, 4));
    world_undo_to(&world, mark);
    assert_int_equal(world_sock(&world, 3)->state, SOCK_IDLE);
    assert_false(world_sock(&world, 3)->nonblocking);
    assert_int_equal(world_sock(&world, 4)->type, SOCK_DGRAM);
    assert_null(world_fd(&world, 700));
    world_undo(&world);
    assert_int_equal(world_hash(&world), hash);
    assert_int_equal(world.sock_count, before.sock_count);
    assert_memory_equal(world.socks, before.socks, before.sock_count * sizeof *before.socks);
    assert_memory_equal(world.fds, before.fds, before.fd_count * sizeof *before.fds);
}

/* A socket is saved once a turn, so each turn has to save it again. */
static void test_every_turn_saves_a_socket_again(void **state)
{
    const struct sock *s;
    uint32_t mark;

    (void)state;
    open_at(3, SOCK_STREAM);
    s = world_sock(&world, 3);
    world_commit(&world);
    sock_edit(&world, s)->backlog = 1;
    sock_edit(&world, s)->backlog = 2;
    mark = world_mark(&world);
    sock_edit(&world, s)->backlog = 3;
    world_undo_to(&world, mark);
    assert_int_equal(s->backlog, 2);
    sock_edit(&world, s)->backlog = 4;
    world_undo(&world);
    assert_int_equal(s->backlog, 0);
    sock_edit(&world, s)->backlog = 5;
    world_commit(&world);
    sock_edit(&world, s)->backlog = 6;
    world_undo(&world);
    assert_int_equal(s->backlog, 5);
}

/* A copy is equal, keeps its own undo, and goes its own way. */
static void test_copy(void **state)
{
    (void)state;
    open_at(3, SOCK_STREAM);
    open_at(9, SOCK_DGRAM);
    copy.undo = NULL;
    world_copy(&copy, &world);
    assert_null(copy.undo);
    assert_int_equal(world_hash(&copy), world_hash(&world));
    assert_int_equal(world_sock(&copy, 9)->type, SOCK_DGRAM);
    sock_edit(&world, world_sock(&world, 9))->backlog = 7;
    assert_int_equal(world_sock(&copy, 9)->backlog, 0);
    assert_int_not_equal(world_hash(&copy), world_hash(&world));
}

/* Whatever differs in a socket, a descriptor or a setting tells worlds apart. */
static void test_hash_tells_apart(void **state)
{
    uint64_t hash;

    (void)state;
    open_at(3, SOCK_STREAM);
    hash = world_hash(&world);
    world_commit(&world);
    for (size_t i = 0; i < sizeof(struct sock); i++) {
        uint8_t *byte = (uint8_t *)sock_edit(&world, world_sock(&world, 3)) + i;

        *byte ^= 1;
        assert_int_not_equal(world_hash(&world), hash);
        world_undo(&world);
        assert_int_equal(world_hash(&world), hash);
    }
    world_open_other(&world, 5);
    assert_int_not_equal(world_hash(&world), hash);
}

/* After a reset a world is as new, whatever it has been through. */
static void test_reset(void **state)
{
    uint64_t fresh = world_hash(&world);

    (void)state;
    for (int fd = 3; fd < 100; fd++) {
        open_at(fd, fd % 2 ? SOCK_STREAM : SOCK_DGRAM);
        world_commit(&world);
    }
    world_open_other(&world, FDS_MAX - 1);
    world_reset(&world);
    assert_int_equal(world_hash(&world), fresh);
    assert_null(world_fd(&world, 3));
    assert_null(world_fd(&world, FDS_MAX - 1));
    open_at(3, SOCK_STREAM);
    assert_int_equal(world_sock(&world, 3)->state, SOCK_IDLE);
}

/* What does not fit is refused, and leaves the world as it was. */
static void test_capacities(void **state)
{
    uint64_t hash;

    (void)state;
    for (unsigned i = 0; i < SOCKS_MAX; i++) {
        assert_int_not_equal(world_new_sock(&world, AF_INET, SOCK_STREAM), NO_SOCK);
        world_commit(&world);
    }
    hash = world_hash(&world);
    assert_int_equal(world_new_sock(&world, AF_INET, SOCK_STREAM), NO_SOCK);
    assert_false(world_open(&world, FDS_MAX, (struct descriptor){.sock = 1}));
    assert_false(world_open(&world, -1, (struct descriptor){.sock = 1}));
    world_open_other(&world, FDS_MAX);
    world_open_other(&world, -1);
    assert_int_equal(world_hash(&world), hash);
    assert_null(world_fd(&world, FDS_MAX));
    assert_null(world_sock(&world, -1));
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

CHECK_MAIN(TEST(test_undo_puts_everything_back), TEST(test_every_turn_saves_a_socket_again),
           TEST(test_copy), TEST(test_hash_tells_apart), TEST(test_reset), TEST(test_capacities))
