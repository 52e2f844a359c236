/*
 * limit: about the least an HTTP/1.1 reverse proxy can do, as a yardstick: what it costs is the
 * kernel's TCP. One thread, epoll, upstream keep-alive. It reads where a head ends and how long the
 * body is, and forwards bytes; no routes, no logs, no metrics, no timeouts, no TLS.
 *
 *   limit PORT ORIGIN_PORT
 *
 * For traffic made by this benchmark only: a head must arrive in one read.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http_head.h"

enum { ARENA_BYTES = 65536, EVENTS_MAX = 256, IDLE_MAX = 1024 };

/* One socket. A client and the upstream that serves its request point at each other. */
struct side {
  int fd;
  int is_client;
  int closes;          /* client: close after this answer */
  uint32_t watched;
  struct side *other;
  struct side *paused; /* not read from until `pending` is sent */
  size_t message_left; /* bytes of the message under way, still to be read here */
  size_t pending;      /* bytes in `buffer` still to be sent here */
  char *from;
  char buffer[ARENA_BYTES];
};

static int loop, origin_port;
static char arena[ARENA_BYTES];
static struct side *idle[IDLE_MAX];
static int idle_count;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void watch(struct side *side, uint32_t events) {
  if (side->watched == events) return;
  struct epoll_event event = {.events = events, .data.ptr = side};
  if (epoll_ctl(loop, EPOLL_CTL_MOD, side->fd, &event) != 0) fail("epoll_ctl");
  side->watched = events;
}

static struct side *add_side(int fd, int is_client) {
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  struct side *side = malloc(sizeof *side);
  memset(side, 0, offsetof(struct side, buffer));
  side->fd = fd;
  side->is_client = is_client;
  side->watched = EPOLLIN;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = side};
  if (epoll_ctl(loop, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
  return side;
}

/* Frees at the end of the turn: events of this turn may still name the side. */
static struct side *dropped[2 * EVENTS_MAX];
static int dropped_count;

static void drop(struct side *side) {
  if (side == NULL || side->fd < 0) return;
  for (int index = 0; index < idle_count; index++) {
    if (idle[index] == side) idle[index--] = idle[--idle_count];
  }
  close(side->fd);
  side->fd = -1;
  dropped[dropped_count++] = side;
  if (side->other != NULL) side->other->other = NULL;
  if (side->other != NULL) drop(side->other);
}

static struct side *take_upstream(void) {
  if (idle_count > 0) return idle[--idle_count];
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in origin = {.sin_family = AF_INET, .sin_port = htons((uint16_t)origin_port)};
  origin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, (struct sockaddr *)&origin, sizeof origin) != 0) fail("connect");
  return add_side(fd, 0);
}

static void release_upstream(struct side *upstream) {
  upstream->other = NULL;
  if (idle_count < IDLE_MAX) {
    idle[idle_count++] = upstream;
  } else {
    drop(upstream);
  }
}

/* The client's wish to close is its own: the upstream connection stays. Returns the new length. */
static size_t cut_close(char *bytes, size_t length) {
  static const char field[] = "Connection: close\r\n";
  char *at = memmem(bytes, length, field, sizeof field - 1);
  if (at == NULL) return length;
  memmove(at, at + sizeof field - 1, (size_t)(bytes + length - at) - (sizeof field - 1));
  return length - (sizeof field - 1);
}

/* Sends to `to`; what does not fit waits there, and `from` rests meanwhile. 0: failed. */
static int forward(struct side *from, struct side *to, size_t length) {
  ssize_t sent = send(to->fd, arena, length, MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) return 0;
  if (sent < 0) sent = 0;
  if ((size_t)sent == length) return 1;
  to->pending = length - (size_t)sent;
  to->from = memcpy(to->buffer, arena + sent, to->pending);
  to->paused = from;
  watch(from, 0);
  watch(to, EPOLLOUT);
  return 1;
}

static void end_answer(struct side *upstream) {
  struct side *client = upstream->other;
  client->other = NULL;
  if (client->paused == upstream) client->paused = NULL;
  watch(upstream, EPOLLIN);
  release_upstream(upstream);
  if (client->closes && client->pending == 0) drop(client);
}

static void on_readable(struct side *side) {
  ssize_t got = recv(side->fd, arena, ARENA_BYTES, MSG_DONTWAIT);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) return drop(side);
  size_t length = (size_t)got;
  if (side->message_left == 0) {
    struct http_head head;
    if (!http_head_read(arena, length, &head)) return drop(side);
    size_t body = head.content_length > 0 ? (size_t)head.content_length : 0;
    side->message_left = head.length + body;
    if (side->is_client) side->closes = head.closes;
  }
  side->message_left -= length;
  if (side->is_client && side->other == NULL) {
    side->other = take_upstream();
    side->other->other = side;
    if (side->closes) length = cut_close(arena, length);
  }
  if (side->other == NULL || !forward(side, side->other, length)) return drop(side);
  if (!side->is_client && side->message_left == 0) end_answer(side);
}

static void on_writable(struct side *side) {
  ssize_t sent = send(side->fd, side->from, side->pending, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && errno == EAGAIN) return;
  if (sent < 0) return drop(side);
  side->from += sent;
  side->pending -= (size_t)sent;
  if (side->pending > 0) return;
  if (side->closes && side->other == NULL) return drop(side);
  watch(side, EPOLLIN);
  if (side->paused != NULL) watch(side->paused, EPOLLIN);
  side->paused = NULL;
}

static int listen_on(int port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) fail("bind");
  if (listen(fd, 4096) != 0) fail("listen");
  return fd;
}

static void handle(struct epoll_event *event, int listener) {
  struct side *side = event->data.ptr;
  if (side == NULL) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) add_side(fd, 1);
  } else if (side->fd >= 0) {
    event->events & EPOLLOUT ? on_writable(side) : on_readable(side);
  }
}

int main(int argument_count, char **arguments) {
  if (argument_count != 3) {
    fprintf(stderr, "usage: limit PORT ORIGIN_PORT\n");
    return 2;
  }
  origin_port = atoi(arguments[2]);
  int listener = listen_on(atoi(arguments[1]));
  loop = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  if (epoll_ctl(loop, EPOLL_CTL_ADD, listener, &event) != 0) fail("epoll_ctl");
  for (;;) {
    struct epoll_event events[EVENTS_MAX];
    int count = epoll_wait(loop, events, EVENTS_MAX, -1);
    for (int index = 0; index < count; index++) handle(&events[index], listener);
    while (dropped_count > 0) free(dropped[--dropped_count]);
  }
}
