/*
 * lwip: see lwip.h. For Debian's build of lwIP, which shares the system's constants, structures and
 * errors; what it has otherwise is put right here. Sources: lwIP's sockets.c, netif.c, tcp.c.
 */
#include "stacks/lwip.h"

#include <fcntl.h>
#include <lwip/netif.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/sockets.h>
#include <lwip/tcpip.h>
#include <semaphore.h>

/* 127.0.0.1 is the whole of 127/8 for what is sent; 127.0.0.2 only answers. */
static struct netif loopback;
static struct netif loopback_other;

/* The highest descriptor given out: lwIP gives the lowest that is free. */
static int highest;

/* --- the table, where lwIP's functions are not the table's --- */

static int opened(int fd)
{
    if (fd > highest)
        highest = fd;
    return fd;
}

/* lwIP takes no flags with a type. SOCK_CLOEXEC means nothing to it: no program inherits it. */
static int stack_socket(int domain, int type, int protocol)
{
    int fd = opened(lwip_socket(domain, type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC), protocol));

    if (fd >= 0 && (type & SOCK_NONBLOCK))
        lwip_fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static int stack_accept(int fd, struct sockaddr *address, socklen_t *length)
{
    return opened(lwip_accept(fd, address, length));
}

static int stack_ioctl(int fd, unsigned long request, int *value)
{
    return lwip_ioctl(fd, (long)request, value);
}

/* --- between drills --- */

/* A lingering close would fail, and keep the descriptor, as long as there is something unsent. */
static void close_all(void)
{
    const struct linger none = {0};

    for (; highest >= LWIP_SOCKET_OFFSET; highest--) {
        lwip_setsockopt(highest, SOL_SOCKET, SO_LINGER, &none, sizeof none);
        lwip_close(highest);
    }
}

/* What closed sockets leave: connections that are still being closed, and those in TIME_WAIT. */
static void abort_all(void *done)
{
    while (tcp_active_pcbs != NULL)
        tcp_abort(tcp_active_pcbs);
    while (tcp_tw_pcbs != NULL)
        tcp_abort(tcp_tw_pcbs);
    sem_post(done);
}

static void wait_for(sem_t *done)
{
    while (sem_wait(done) != 0)
        continue;
    sem_destroy(done);
}

/* Has lwIP's thread call a function, after all that it has been given to do before. */
static void call_in_turn(tcpip_callback_fn function)
{
    sem_t done;

    sem_init(&done, 0, 0);
    if (tcpip_callback(function, &done) == ERR_OK)
        wait_for(&done);
}

/* The second time, whatever the first time sent has arrived. */
static void stack_reset(void)
{
    close_all();
    call_in_turn(abort_all);
    call_in_turn(abort_all);
}

/* lwIP has no accept4 and no dup. */
static const struct sockdrill_stack stack_lwip = {
    .version = SOCKDRILL_STACK_VERSION,
    .name = "lwip",
    .socket = stack_socket,
    .bind = lwip_bind,
    .listen = lwip_listen,
    .connect = lwip_connect,
    .accept = stack_accept,
    .send = lwip_send,
    .sendto = lwip_sendto,
    .recv = lwip_recv,
    .recvfrom = lwip_recvfrom,
    .read = lwip_read,
    .write = lwip_write,
    .shutdown = lwip_shutdown,
    .close = lwip_close,
    .getsockname = lwip_getsockname,
    .getpeername = lwip_getpeername,
    .setsockopt = lwip_setsockopt,
    .getsockopt = lwip_getsockopt,
    .fcntl = lwip_fcntl,
    .ioctl = stack_ioctl,
    .poll = lwip_poll,
    .reset = stack_reset,
};

/* --- the interface --- */

static err_t send4(struct netif *netif, struct pbuf *packet, const ip4_addr_t *to)
{
    (void)to;
    return netif_loop_output(netif, packet);
}

static err_t send6(struct netif *netif, struct pbuf *packet, const ip6_addr_t *to)
{
    (void)to;
    return netif_loop_output(netif, packet);
}

static err_t set_up(struct netif *netif)
{
    netif->name[0] = 'l';
    netif->name[1] = 'o';
    netif->mtu = UINT16_MAX;
    netif->output = send4;
    netif->output_ip6 = send6;
    return ERR_OK;
}

static void add(struct netif *netif, uint8_t host, uint32_t mask)
{
    ip4_addr_t address;
    ip4_addr_t netmask;

    IP4_ADDR(&address, 127, 0, 0, host);
    ip4_addr_set_u32(&netmask, lwip_htonl(mask));
    netif_add(netif, &address, &netmask, NULL, NULL, set_up, tcpip_input);
    netif_set_link_up(netif);
    netif_set_up(netif);
}

/* In lwIP's thread. A route is looked for in the interface that was added last first. */
static void started(void *done)
{
    ip6_addr_t address6;

    add(&loopback_other, 2, UINT32_MAX);
    add(&loopback, 1, IP_CLASSA_NET);
    ip6_addr_set_loopback(&address6);
    netif_ip6_addr_set(&loopback, 0, &address6);
    netif_ip6_addr_set_state(&loopback, 0, IP6_ADDR_PREFERRED);
    sem_post(done);
}

bool lwip_start(const struct sockdrill_stack **stack, char error[STACK_ERROR_MAX])
{
    sem_t ready;

    (void)error;
    *stack = &stack_lwip;
    if (netif_list != NULL)
        return true;
    sem_init(&ready, 0, 0);
    tcpip_init(started, &ready);
    wait_for(&ready);
    return true;
}
