/*
 * The requests a load run sends, all built beforehand. With several hosts or paths they are sent
 * in a scattered order, the same in every run, so that no proxy gains from neighbours in a table.
 */
#ifndef REQUESTS_H
#define REQUESTS_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct request {
  char *bytes;
  size_t length;
};

struct request_shape {
  int hosts;     /* 0: one host, `bench.example.com`; else `h0` to `hN-1` */
  int paths;     /* 0: the path `/`; else `/p0/item` to `/pN-1/item` */
  int headers;   /* further header fields, 0 to 10 */
  int closes;    /* ask to close the connection after each answer */
  size_t body_bytes; /* 0: GET, else POST */
};

struct request_list {
  struct request *items;
  size_t count;
  size_t step;
  size_t next;
};

/* What a browser and a tracing library add, 0.6 KB in all. */
static const char *const FURTHER_HEADERS[10] = {
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
    "Accept-Language: en-GB,en;q=0.7,de;q=0.3",
    "Referer: https://bench.example.com/catalogue/books?page=2",
    "Cookie: session=7f9c24e8b1d64a0f9e3b5c2d; theme=dark; consent=essential",
    "Sec-Fetch-Dest: document",
    "Sec-Fetch-Mode: navigate",
    "Sec-Fetch-Site: same-origin",
    "X-Request-Id: 5f0c1c2e-8a44-4e0b-9d8e-0d0a6f0f4c11",
    "Traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
};

static struct request build_request(const struct request_shape *shape, int index) {
  struct request request = {.bytes = malloc(2048 + shape->body_bytes)};
  char *to = request.bytes;
  to += sprintf(to, "%s ", shape->body_bytes > 0 ? "POST" : "GET");
  to += shape->paths > 0 ? sprintf(to, "/p%d/item", index) : sprintf(to, "/");
  to += sprintf(to, " HTTP/1.1\r\nHost: ");
  to += shape->hosts > 0 ? sprintf(to, "h%d", index) : sprintf(to, "bench");
  to += sprintf(to, ".example.com\r\n");
  for (int header = 0; header < shape->headers && header < 10; header++) {
    to += sprintf(to, "%s\r\n", FURTHER_HEADERS[header]);
  }
  if (shape->closes) to += sprintf(to, "Connection: close\r\n");
  if (shape->body_bytes > 0) to += sprintf(to, "Content-Length: %zu\r\n", shape->body_bytes);
  to += sprintf(to, "\r\n");
  memset(to, 'x', shape->body_bytes);
  request.length = (size_t)(to - request.bytes) + shape->body_bytes;
  return request;
}

static size_t greatest_common_divisor(size_t a, size_t b) {
  return b == 0 ? a : greatest_common_divisor(b, a % b);
}

static struct request_list build_requests(const struct request_shape *shape) {
  int several = shape->hosts > shape->paths ? shape->hosts : shape->paths;
  struct request_list list = {.count = several > 0 ? (size_t)several : 1};
  list.items = malloc(list.count * sizeof *list.items);
  for (size_t index = 0; index < list.count; index++) {
    list.items[index] = build_request(shape, (int)index);
  }
  /* A step near the golden section, without a common divisor: visits every one, never a neighbour. */
  list.step = (size_t)((double)list.count * 0.618) | 1;
  while (greatest_common_divisor(list.step, list.count) != 1) list.step++;
  return list;
}

static const struct request *next_request(struct request_list *list) {
  list->next = (list->next + list->step) % list->count;
  return &list->items[list->next];
}

#endif
