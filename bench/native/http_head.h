/*
 * Reads the few facts about an HTTP/1.1 head that a load generator, an origin and a bare proxy
 * need: where it ends, how long the body is, whether the connection closes, the status code.
 * For traffic made by this benchmark only: it trusts its peer (no chunked coding, no folding).
 */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct http_head {
  size_t length;       /* bytes up to and including the empty line */
  long content_length; /* -1: none given */
  int closes;          /* Connection: close */
  int status;          /* of a response; 0 for a request */
};

static int http_field_is(const char *line, size_t length, const char *name) {
  size_t name_length = strlen(name);
  return length > name_length && line[name_length] == ':' &&
         strncasecmp(line, name, name_length) == 0;
}

static const char *http_field_value(const char *line, const char *end) {
  const char *value = memchr(line, ':', (size_t)(end - line));
  for (value++; value < end && *value == ' '; value++) {
  }
  return value;
}

/* Returns 1 and fills `head` once the whole head is in `bytes`, else 0. */
static int http_head_read(const char *bytes, size_t length, struct http_head *head) {
  const char *end = memmem(bytes, length, "\r\n\r\n", 4);
  if (end == NULL) return 0;
  head->length = (size_t)(end - bytes) + 4;
  head->content_length = -1;
  head->closes = 0;
  head->status = strncmp(bytes, "HTTP/1.", 7) == 0 ? atoi(bytes + 9) : 0;
  const char *line = memchr(bytes, '\n', length);
  while (++line < end) {
    const char *stop = memchr(line, '\r', (size_t)(end + 1 - line));
    size_t line_length = (size_t)(stop - line);
    if (http_field_is(line, line_length, "content-length")) {
      head->content_length = atol(http_field_value(line, stop));
    } else if (http_field_is(line, line_length, "connection")) {
      head->closes = strncasecmp(http_field_value(line, stop), "close", 5) == 0;
    }
    line = stop + 1;
  }
  return 1;
}

#endif
