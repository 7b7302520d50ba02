package dev.headgate.containers.laboratory;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.HeadersFrame;

/** A connection to a server for HTTP/2 without TLS, which the server has to know by itself. */
public final class Http2Client implements AutoCloseable {

  private static final long TIMEOUT_SECONDS = 30;

  private final HTTP2Client client = new HTTP2Client();
  private final Session session;

  public Http2Client(int port) throws Exception {
    client.start();
    try {
      session =
          client
              .connect(
                  new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port),
                  new Session.Listener() {})
              .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      client.stop();
      throw e;
    }
  }

  /**
   * Sends a request without a body.
   *
   * @param headers further ones such as {@code Cookie: a=b}
   */
  public Http2Exchange send(String method, String host, String target, String... headers)
      throws Exception {
    HttpFields.Mutable fields = HttpFields.build();
    for (String header : headers) {
      int colon = header.indexOf(':');
      fields.add(header.substring(0, colon), header.substring(colon + 1).strip());
    }
    var request =
        new MetaData.Request(
            method, HttpURI.from("http://" + host + target), HttpVersion.HTTP_2, fields);
    var exchange = new Http2Exchange();
    exchange.sentOn(
        session
            .newStream(new HeadersFrame(request, null, true), exchange)
            .get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
    return exchange;
  }

  @Override
  public void close() {
    try {
      client.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the client can't be stopped", e);
    }
  }
}
