/*
 * origin: the backend of the benchmark. One thread, epoll, keep-alive; answers every request with
 * 200 and the same body, and throws request bodies away inside the kernel.
 *
 *   origin PORT BODY_BYTES
 *
 * Listens on 127.0.0.1 and prints "ready" once it does.
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

enum { HEAD_BYTES_MAX = 16384, EVENTS_MAX = 256 };

struct connection {
  int fd;
  int closes;
  int waits_to_send;
  size_t head_length;
  size_t body_left;     /* request bytes still to be thrown away */
  size_t response_left; /* 0: no answer under way */
  char head[HEAD_BYTES_MAX];
};

static int loop;
static char *response;
static size_t response_length;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void build_response(size_t body_bytes) {
  response = malloc(body_bytes + 256);
  int head = sprintf(response,
                     "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n",
                     body_bytes);
  memset(response + head, 'x', body_bytes);
  response_length = (size_t)head + body_bytes;
}

static void watch(struct connection *connection, int waits_to_send) {
  struct epoll_event event = {.events = waits_to_send ? EPOLLOUT : EPOLLIN, .data.ptr = connection};
  connection->waits_to_send = waits_to_send;
  epoll_ctl(loop, EPOLL_CTL_MOD, connection->fd, &event);
}

static void drop(struct connection *connection) {
  close(connection->fd);
  free(connection);
}

static void send_response(struct connection *connection) {
  while (connection->response_left > 0) {
    const char *from = response + response_length - connection->response_left;
    ssize_t sent = send(connection->fd, from, connection->response_left, MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) return watch(connection, 1);
    if (sent < 0) return drop(connection);
    connection->response_left -= (size_t)sent;
  }
  if (connection->closes) return drop(connection);
  if (connection->waits_to_send) watch(connection, 0);
}

/* Answers once a whole request is in. */
static void take_head(struct connection *connection) {
  struct http_head head;
  if (!http_head_read(connection->head, connection->head_length, &head)) {
    if (connection->head_length == HEAD_BYTES_MAX) drop(connection);
    return;
  }
  size_t body = head.content_length > 0 ? (size_t)head.content_length : 0;
  size_t extra = connection->head_length - head.length;
  connection->closes = head.closes;
  connection->head_length = 0;
  connection->body_left = body > extra ? body - extra : 0;
  connection->response_left = response_length;
  if (connection->body_left == 0) send_response(connection);
}

static void on_readable(struct connection *connection) {
  if (connection->body_left > 0) {
    ssize_t got = recv(connection->fd, NULL, connection->body_left, MSG_TRUNC);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return drop(connection);
    connection->body_left -= (size_t)got;
    if (connection->body_left == 0) send_response(connection);
    return;
  }
  ssize_t got = recv(connection->fd, connection->head + connection->head_length,
                     HEAD_BYTES_MAX - connection->head_length, 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) return drop(connection);
  connection->head_length += (size_t)got;
  take_head(connection);
}

static void on_connection(int listener) {
  int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return;
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  struct connection *connection = malloc(sizeof *connection);
  connection->fd = fd;
  connection->waits_to_send = 0;
  connection->head_length = connection->body_left = connection->response_left = 0;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
  if (epoll_ctl(loop, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
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

int main(int argument_count, char **arguments) {
  if (argument_count != 3) {
    fprintf(stderr, "usage: origin PORT BODY_BYTES\n");
    return 2;
  }
  build_response((size_t)atol(arguments[2]));
  int listener = listen_on(atoi(arguments[1]));
  loop = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  if (epoll_ctl(loop, EPOLL_CTL_ADD, listener, &event) != 0) fail("epoll_ctl");
  puts("ready");
  fflush(stdout);
  for (;;) {
    struct epoll_event events[EVENTS_MAX];
    int count = epoll_wait(loop, events, EVENTS_MAX, -1);
    for (int index = 0; index < count; index++) {
      struct connection *connection = events[index].data.ptr;
      if (connection == NULL) {
        on_connection(listener);
      } else if (events[index].events & EPOLLOUT) {
        send_response(connection);
      } else {
        on_readable(connection);
      }
    }
  }
}
