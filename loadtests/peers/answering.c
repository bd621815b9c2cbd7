/* Receives JT/T 808-2013 frames and answers each with 0x8001: the floor of what TCP costs.
 *
 * One epoll loop, no checks, nothing kept. It prints its port on the first line.
 * cc -O2 -D_GNU_SOURCE -o answering answering.c
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LONGEST = 4096, READ = 65536, EVENTS = 1024, HEADER = 12, FDS = 65536 };

struct link {
    int length, open;
    uint16_t serial;
    uint8_t frame[LONGEST];
};

static struct link *links[FDS];
static uint8_t in[READ], out[READ * 2];

static uint8_t *put(uint8_t *to, uint8_t byte) {
    if (byte == 0x7e || byte == 0x7d) {
        *to++ = 0x7d;
        *to++ = byte == 0x7e ? 2 : 1;
    } else {
        *to++ = byte;
    }
    return to;
}

static uint8_t *answer(struct link *link, uint8_t *to) {
    uint8_t reply[18] = {0x80, 0x01, 0x00, 0x05};
    const uint8_t *asked = link->frame;
    memcpy(reply + 4, asked + 4, 6);
    reply[10] = link->serial >> 8;
    reply[11] = link->serial++ & 0xff;
    memcpy(reply + 12, asked + 10, 2);
    memcpy(reply + 14, asked, 2);
    for (int i = 0; i < 17; i++) reply[17] ^= reply[i];
    *to++ = 0x7e;
    for (int i = 0; i < 18; i++) to = put(to, reply[i]);
    *to++ = 0x7e;
    return to;
}

static uint8_t *take(struct link *link, const uint8_t *data, ssize_t count, uint8_t *to) {
    for (ssize_t i = 0; i < count; i++) {
        uint8_t byte = data[i];
        if (byte == 0x7e) {
            if (link->open && link->length > HEADER) to = answer(link, to);
            link->open = link->open && link->length ? 0 : 1;
            link->length = 0;
        } else if (link->open && link->length < LONGEST) {
            if (link->length && link->frame[link->length - 1] == 0x7d && (byte == 1 || byte == 2))
                link->frame[link->length - 1] = byte == 1 ? 0x7d : 0x7e;
            else
                link->frame[link->length++] = byte;
        }
    }
    return to;
}

static void welcome(int poll, int door) {
    int fd, yes = 1;
    while ((fd = accept4(door, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        if (fd >= FDS || !(links[fd] = calloc(1, sizeof(struct link)))) {
            close(fd);
            continue;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
    }
}

static void serve(int fd) {
    ssize_t count = read(fd, in, READ);
    if (count <= 0) {
        free(links[fd]);
        links[fd] = NULL;
        close(fd);
        return;
    }
    uint8_t *end = take(links[fd], in, count, out);
    if (end != out && write(fd, out, end - out) < 0) perror("write");
}

int main(void) {
    int door = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poll = epoll_create1(0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (bind(door, (struct sockaddr *)&address, size) || listen(door, 1024)) {
        perror("listen");
        return 1;
    }
    getsockname(door, (struct sockaddr *)&address, &size);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = door}, events[EVENTS];
    epoll_ctl(poll, EPOLL_CTL_ADD, door, &event);
    for (;;) {
        int ready = epoll_wait(poll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == door)
                welcome(poll, door);
            else
                serve(events[i].data.fd);
        }
    }
}
