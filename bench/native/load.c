/*
 * load: an HTTP/1.1 load generator for one core, light enough to saturate a proxy on the other.
 *
 *   load PORT [name=value ...]      (names: see `options` below)
 *
 * Closed loop: each connection sends its next request when the last is answered. With `rate` it is
 * an open loop: requests fall due at random moments (Poisson, same seed in each run) whether or not
 * the proxy keeps up, and latency counts from the moment a request was due, so a stall is not
 * hidden by the requests that it kept from being sent. No pipelining. It never retries; every
 * answer must be a 200 with a body of `expect` bytes, all else is an error.
 *
 * Prints one line of JSON about the measured window, which starts after `warm` seconds: requests,
 * errors, seconds, cpuNanos (of `pids`: the CPU time the proxy used), and latencies in nanoseconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "histogram.h"
#include "http_head.h"
#include "process_clock.h"
#include "requests.h"

enum { HEAD_BYTES_MAX = 8192, EVENTS_MAX = 256, PIDS_MAX = 16, ERRORS_MAX = 1000 };
enum { SOURCE_ADDRESSES = 8 };

enum phase { IDLE, CONNECTING, SENDING, READING_HEAD, READING_BODY, AWAITING_CLOSE };

struct connection {
  int fd;
  SSL *tls;
  enum phase phase;
  uint32_t watched;
  const struct request *request;
  size_t sent;
  size_t body_left;
  int closes;
  uint64_t due; /* when the request under way should have been sent */
  size_t head_length;
  char head[HEAD_BYTES_MAX];
};

static struct {
  int port, connections, tls, pid_count;
  double warm, seconds, rate;
  long expect;
  struct request_shape shape;
  pid_t pids[PIDS_MAX];
} options = {.connections = 32, .warm = 0.2, .seconds = 1};

static int loop;
static SSL_CTX *tls_context;
static struct request_list requests;
static struct connection *connections, **idle;
static int idle_count;
static uint64_t next_due, errors, random_state = 0x9e3779b97f4a7c15u;
static struct histogram latencies;

static void open_connection(struct connection *connection);

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void count_error(const char *what) {
  if (errors++ == 0) fprintf(stderr, "load: first error: %s\n", what);
  if (errors < ERRORS_MAX) return;
  fprintf(stderr, "load: %d errors, giving up\n", ERRORS_MAX);
  exit(1);
}

/* ---- bytes in and out: more than 0: that many; 0: would block; -1: closed or failed ---- */

static ssize_t tls_result(struct connection *connection, int result) {
  if (result > 0) return result;
  int error = SSL_get_error(connection->tls, result);
  return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

static ssize_t plain_result(ssize_t result) {
  if (result > 0) return result;
  return result < 0 && errno == EAGAIN ? 0 : -1;
}

static ssize_t put(struct connection *connection, const char *bytes, size_t length) {
  if (connection->tls != NULL) {
    return tls_result(connection, SSL_write(connection->tls, bytes, (int)length));
  }
  return plain_result(send(connection->fd, bytes, length, MSG_NOSIGNAL));
}

static ssize_t take(struct connection *connection, char *bytes, size_t length) {
  if (connection->tls != NULL) {
    return tls_result(connection, SSL_read(connection->tls, bytes, (int)length));
  }
  return plain_result(recv(connection->fd, bytes, length, 0));
}

/* Body bytes are of no interest: the kernel throws them away, TLS has to decrypt them. */
static ssize_t discard(struct connection *connection, size_t length) {
  static char sink[65536];
  if (connection->tls != NULL) {
    return take(connection, sink, length < sizeof sink ? length : sizeof sink);
  }
  return plain_result(recv(connection->fd, NULL, length, MSG_TRUNC));
}

static void watch(struct connection *connection, uint32_t events) {
  if (connection->watched == events) return;
  struct epoll_event event = {.events = events, .data.ptr = connection};
  int operation = connection->watched == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  if (epoll_ctl(loop, operation, connection->fd, &event) != 0) fail("epoll_ctl");
  connection->watched = events;
}

/* ---- life of a request ---- */

static double random_share(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (double)(random_state >> 11) / 9007199254740992.0;
}

/* Takes the next request that is due. Returns 0 when none is: the connection rests. */
static int begin_request(struct connection *connection) {
  uint64_t now = now_nanos();
  connection->phase = IDLE;
  if (options.rate > 0 && next_due > now) {
    idle[idle_count++] = connection;
    return 0;
  }
  connection->due = options.rate > 0 ? next_due : now;
  if (options.rate > 0) next_due += (uint64_t)(-log(1 - random_share()) / options.rate * 1e9);
  connection->request = next_request(&requests);
  connection->sent = connection->head_length = 0;
  connection->phase = SENDING;
  return 1;
}

static void close_connection(struct connection *connection) {
  if (connection->tls != NULL) SSL_free(connection->tls);
  connection->tls = NULL;
  close(connection->fd);
  connection->watched = 0;
}

static void reopen(struct connection *connection) {
  close_connection(connection);
  open_connection(connection);
}

static void abandon(struct connection *connection, const char *what) {
  count_error(what);
  reopen(connection);
}

/* Returns 1 when there may be more to do without waiting. */
static int end_request(struct connection *connection) {
  histogram_add(&latencies, now_nanos() - connection->due);
  if (connection->closes) {
    connection->phase = AWAITING_CLOSE;
    return 1;
  }
  return options.shape.closes ? (reopen(connection), 0) : begin_request(connection);
}

static int send_more(struct connection *connection) {
  size_t left = connection->request->length - connection->sent;
  ssize_t sent = put(connection, connection->request->bytes + connection->sent, left);
  if (sent < 0) return abandon(connection, "closed while sending"), 0;
  connection->sent += (size_t)sent;
  if (connection->sent == connection->request->length) {
    connection->phase = READING_HEAD;
    watch(connection, EPOLLIN);
    return connection->tls != NULL;
  }
  watch(connection, EPOLLIN | EPOLLOUT);
  return sent > 0;
}

static int read_head(struct connection *connection) {
  size_t room = HEAD_BYTES_MAX - connection->head_length;
  ssize_t got = take(connection, connection->head + connection->head_length, room);
  if (got == 0) return 0;
  if (got < 0) return abandon(connection, "closed before the answer"), 0;
  connection->head_length += (size_t)got;
  struct http_head head;
  if (!http_head_read(connection->head, connection->head_length, &head)) return 1;
  if (head.status != 200) return abandon(connection, "a status other than 200"), 0;
  if (head.content_length != options.expect) return abandon(connection, "another length"), 0;
  connection->closes = head.closes;
  connection->body_left = (size_t)head.content_length - (connection->head_length - head.length);
  connection->phase = READING_BODY;
  return connection->body_left == 0 ? end_request(connection) : 1;
}

static int read_body(struct connection *connection) {
  ssize_t got = discard(connection, connection->body_left);
  if (got == 0) return 0;
  if (got < 0) return abandon(connection, "closed inside the body"), 0;
  connection->body_left -= (size_t)got;
  return connection->body_left == 0 ? end_request(connection) : connection->tls != NULL;
}

static int connect_more(struct connection *connection) {
  if (connection->tls != NULL) {
    ssize_t result = tls_result(connection, SSL_connect(connection->tls));
    if (result < 0) return abandon(connection, "handshake failed"), 0;
    if (result == 0) return watch(connection, EPOLLIN), 0;
  }
  watch(connection, EPOLLIN);
  if (!options.shape.closes) return begin_request(connection);
  connection->phase = SENDING; /* begun before the connection, whose cost is part of it */
  return 1;
}

/* Waiting for the proxy's own close, as a well-behaved client does, so that it pays for that too. */
static int await_close(struct connection *connection) {
  ssize_t got = take(connection, connection->head, HEAD_BYTES_MAX);
  if (got < 0) reopen(connection);
  return got > 0;
}

/* The proxy closed a connection that no request was using: allowed, so no error. */
static void reopen_idle(struct connection *connection) {
  int index = 0;
  while (idle[index] != connection) index++;
  idle[index] = idle[--idle_count];
  reopen(connection);
}

static void on_event(struct connection *connection) {
  int more = 1;
  while (more) {
    switch (connection->phase) {
      case IDLE: return reopen_idle(connection);
      case CONNECTING: more = connect_more(connection); break;
      case SENDING: more = send_more(connection); break;
      case READING_HEAD: more = read_head(connection); break;
      case READING_BODY: more = read_body(connection); break;
      case AWAITING_CLOSE: more = await_close(connection); break;
    }
  }
}

/* Several source addresses: connections that wait out TIME_WAIT must not use up the ports. */
static void bind_source(int fd) {
  static uint32_t turn;
  int on = 1;
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  struct sockaddr_in source = {.sin_family = AF_INET};
  source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + turn++ % SOURCE_ADDRESSES);
  if (bind(fd, (struct sockaddr *)&source, sizeof source) != 0) fail("bind");
}

static void open_connection(struct connection *connection) {
  if (options.shape.closes) begin_request(connection);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket");
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  bind_source(fd);
  struct sockaddr_in proxy = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port)};
  proxy.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, (struct sockaddr *)&proxy, sizeof proxy) != 0 && errno != EINPROGRESS) {
    fail("connect");
  }
  connection->fd = fd;
  connection->phase = CONNECTING;
  if (options.tls) {
    connection->tls = SSL_new(tls_context);
    SSL_set_fd(connection->tls, fd);
    SSL_set_tlsext_host_name(connection->tls, "bench.example.com");
    SSL_set_connect_state(connection->tls);
  }
  watch(connection, EPOLLOUT);
}

/* TLS 1.3 with one cipher for all proxies and no resumption: every handshake is a whole one. */
static void prepare_tls(void) {
  tls_context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(tls_context, TLS1_3_VERSION);
  SSL_CTX_set_ciphersuites(tls_context, "TLS_AES_128_GCM_SHA256");
  SSL_CTX_set_session_cache_mode(tls_context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify(tls_context, SSL_VERIFY_NONE, NULL);
  SSL_CTX_set_quiet_shutdown(tls_context, 1);
  SSL_CTX_set_mode(tls_context, SSL_MODE_ENABLE_PARTIAL_WRITE);
  SSL_CTX_set_options(tls_context, SSL_OP_IGNORE_UNEXPECTED_EOF);
}

static void wait_for_events(uint64_t until) {
  struct epoll_event events[EVENTS_MAX];
  uint64_t now = now_nanos();
  if (options.rate > 0 && idle_count > 0 && next_due < until) until = next_due;
  uint64_t left = until > now ? until - now : 0;
  struct timespec timeout = {(time_t)(left / 1000000000u), (long)(left % 1000000000u)};
  int count = epoll_pwait2(loop, events, EVENTS_MAX, &timeout, NULL);
  for (int index = 0; index < count; index++) on_event(events[index].data.ptr);
}

static void send_due_requests(void) {
  while (idle_count > 0 && next_due <= now_nanos()) {
    struct connection *connection = idle[--idle_count];
    if (begin_request(connection)) on_event(connection);
  }
}

static void run_until(uint64_t end) {
  while (now_nanos() < end) {
    wait_for_events(end);
    if (options.rate > 0) send_due_requests();
  }
}

static void measure(void) {
  uint64_t start = now_nanos();
  next_due = start;
  for (int index = 0; index < options.connections; index++) open_connection(&connections[index]);
  run_until(start + (uint64_t)(options.warm * 1e9));
  histogram_reset(&latencies);
  errors = 0;
  uint64_t window = now_nanos();
  uint64_t cpu = process_cpu_nanos(options.pids, options.pid_count);
  run_until(window + (uint64_t)(options.seconds * 1e9));
  cpu = process_cpu_nanos(options.pids, options.pid_count) - cpu;
  printf("{\"requests\":%lu,\"errors\":%lu,\"seconds\":%.6f,\"cpuNanos\":%lu,", latencies.total,
         errors, (double)(now_nanos() - window) / 1e9, cpu);
  printf("\"p50Nanos\":%lu,\"p90Nanos\":%lu,\"p99Nanos\":%lu}\n",
         histogram_quantile(&latencies, 0.5), histogram_quantile(&latencies, 0.9),
         histogram_quantile(&latencies, 0.99));
}

static int read_option(const char *name, const char *value) {
  if (strcmp(name, "connections") == 0) return options.connections = atoi(value), 1;
  if (strcmp(name, "warm") == 0) return options.warm = atof(value), 1;       /* seconds */
  if (strcmp(name, "seconds") == 0) return options.seconds = atof(value), 1; /* of the window */
  if (strcmp(name, "rate") == 0) return options.rate = atof(value), 1;       /* requests/s */
  if (strcmp(name, "tls") == 0) return options.tls = atoi(value), 1;
  if (strcmp(name, "expect") == 0) return options.expect = atol(value), 1; /* bytes of a body */
  if (strcmp(name, "closes") == 0) return options.shape.closes = atoi(value), 1;
  if (strcmp(name, "headers") == 0) return options.shape.headers = atoi(value), 1;
  if (strcmp(name, "hosts") == 0) return options.shape.hosts = atoi(value), 1;
  if (strcmp(name, "paths") == 0) return options.shape.paths = atoi(value), 1;
  if (strcmp(name, "body") == 0) return options.shape.body_bytes = (size_t)atol(value), 1;
  if (strcmp(name, "pid") != 0 || options.pid_count == PIDS_MAX) return 0; /* may be repeated */
  options.pids[options.pid_count++] = atoi(value);
  return 1;
}

int main(int argument_count, char **arguments) {
  options.port = argument_count > 1 ? atoi(arguments[1]) : 0;
  for (int index = 2; index < argument_count; index++) {
    char *value = strchr(arguments[index], '=');
    if (value != NULL) *value++ = 0;
    if (value != NULL && read_option(arguments[index], value)) continue;
    fprintf(stderr, "load: unknown option %s\n", arguments[index]);
    return 2;
  }
  if (options.port == 0 || (options.shape.closes && options.rate > 0)) {
    fprintf(stderr, "usage: load PORT [name=value ...] (no rate together with closes)\n");
    return 2;
  }
  prctl(PR_SET_TIMERSLACK, 1);
  loop = epoll_create1(EPOLL_CLOEXEC);
  requests = build_requests(&options.shape);
  connections = calloc((size_t)options.connections, sizeof *connections);
  idle = calloc((size_t)options.connections, sizeof *idle);
  if (options.tls) prepare_tls();
  measure();
  return 0;
}
