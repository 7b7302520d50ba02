package dev.headgate.containers.laboratory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.util.Callback;

/**
 * A client for HTTP/2 without TLS, which the server has to know by itself. It has one connection at
 * a time, and connects anew when the server has closed it, as it may when it was idle.
 */
public final class Http2Client implements AutoCloseable {

  private static final long TIMEOUT_SECONDS = 30;

  /** Tomcat closes one now and then before it has said anything on it. */
  private static final int MOST_CONNECTS = 3;

  private final HTTP2Client client = new HTTP2Client();
  private final int port;
  private Session session;

  public Http2Client(int port) throws Exception {
    this.port = port;
    client.start();
    try {
      session = connect();
    } catch (Exception e) {
      client.stop();
      throw e;
    }
  }

  private Session connect() throws Exception {
    for (int left = MOST_CONNECTS - 1; ; left--) {
      var greeting = new Greeting();
      Session connected =
          client
              .connect(
                  new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port),
                  greeting)
              .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      if (greeting.heard.get(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        return connected;
      }
      if (left == 0) {
        throw new IOException("the server has closed all connections before its settings");
      }
    }
  }

  /** Hears whether the server begins to speak, which it does with its settings. */
  private static final class Greeting implements Session.Listener {

    private final CompletableFuture<Boolean> heard = new CompletableFuture<>();

    @Override
    public void onSettings(Session session, SettingsFrame frame) {
      heard.complete(true);
    }

    @Override
    public void onClose(Session session, GoAwayFrame frame, Callback callback) {
      heard.complete(false);
      callback.succeeded();
    }

    @Override
    public void onFailure(Session session, Throwable failure, Callback callback) {
      heard.complete(false);
      callback.succeeded();
    }
  }

  /**
   * Sends a request without a body.
   *
   * @param headers further ones such as {@code Cookie: a=b}
   */
  public synchronized Http2Exchange send(
      String method, String host, String target, String... headers) throws Exception {
    HttpFields.Mutable fields = HttpFields.build();
    for (String header : headers) {
      int colon = header.indexOf(':');
      fields.add(header.substring(0, colon), header.substring(colon + 1).strip());
    }
    var request =
        new MetaData.Request(
            method, HttpURI.from("http://" + host + target), HttpVersion.HTTP_2, fields);
    var frame = new HeadersFrame(request, null, true);
    try {
      return begin(frame);
    } catch (ExecutionException e) {
      if (!session.isClosed()) {
        throw e;
      }
      // It was closed while the request was on its way to it, so that nothing was sent.
      return begin(frame);
    }
  }

  private Http2Exchange begin(HeadersFrame frame) throws Exception {
    if (session.isClosed()) {
      session = connect();
    }
    var exchange = new Http2Exchange();
    exchange.sentOn(session.newStream(frame, exchange).get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
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
