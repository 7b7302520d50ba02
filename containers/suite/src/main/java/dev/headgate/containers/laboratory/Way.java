package dev.headgate.containers.laboratory;

import java.util.ArrayList;
import java.util.List;

/** A way to ask a server, and how its connection goes on: all that it sends, as text. */
enum Way {
  GET("GET", "1.1"),
  HEAD("HEAD", "1.1"),
  POST("POST", "1.1", "Content-Length: 0"),
  CLOSE("GET", "1.1", "Connection: close"),
  HTTP_1_0("GET", "1.0"),
  HTTP_1_0_KEPT("GET", "1.0", "Connection: keep-alive"),
  HTTP_1_0_HEAD("HEAD", "1.0"),
  PIPELINED("GET", "1.1") {
    @Override
    String ask(Laboratory laboratory, Request request) throws Exception {
      try (RawClient client = laboratory.connect()) {
        client.sendBytes(head(request) + NEXT);
        return client.receive(method) + "\n" + client.receive("GET") + end(client);
      }
    }
  },
  HTTP_2("GET", "2"),
  HTTP_2_HEAD("HEAD", "2");

  /** The path of a servlet that has to be there, and says that the connection is still good. */
  static final String NEXT_PATH = "/next";

  private static final String HOST = Laboratory.host("acme");

  private static final String NEXT =
      "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(NEXT_PATH, HOST);

  final String method;
  private final String version;
  private final List<String> headers;

  Way(String method, String version, String... headers) {
    this.method = method;
    this.version = version;
    this.headers = List.of(headers);
  }

  /** Asks, and once more on the same connection if it stays open. */
  String ask(Laboratory laboratory, Request request) throws Exception {
    if (version.equals("2")) {
      return laboratory
          .http2()
          .send(method, HOST, request.target(), request.headers().toArray(new String[0]))
          .await()
          .toString();
    }
    try (RawClient client = laboratory.connect()) {
      RawAnswer answer = client.sendBytes(head(request)).receive(method);
      if (answer.end() != RawAnswer.End.WHOLE || answer.isLast()) {
        return answer + end(client);
      }
      return answer + "\n" + client.sendBytes(NEXT).receive("GET") + end(client);
    }
  }

  String head(Request request) {
    List<String> lines = new ArrayList<>();
    lines.add("%s %s HTTP/%s".formatted(method, request.target(), version));
    lines.add("Host: " + HOST);
    lines.addAll(headers);
    lines.addAll(request.headers());
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  private static String end(RawClient client) {
    return "\n" + client.readToEnd();
  }
}
