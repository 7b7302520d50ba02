package dev.headgate.frameworks.spring;

import java.net.http.HttpResponse;

/** What a client got. */
record Answer(int status, String retryAfter, String body) {

  static Answer of(HttpResponse<String> response) {
    return new Answer(
        response.statusCode(),
        response.headers().firstValue("Retry-After").orElse(""),
        response.body());
  }
}
