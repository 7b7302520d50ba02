package dev.headgate.containers.history;

import dev.headgate.containers.history.Heard.End;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client: makes one request after the other, and remembers what it hears. */
final class Audience implements AutoCloseable {

  private static final int SMALL_WINDOW = 4096;
  private static final int REQUESTS_MEANWHILE = 3;

  private final History history;
  private final int port;
  private @Nullable Wire usual;

  Audience(History history, int port) {
    this.history = history;
    this.port = port;
  }

  /** Makes requests until there are no more. */
  void listen() throws IOException, InterruptedException {
    while (next(true)) {
      history.heard();
    }
  }

  private boolean next(boolean maySlow) throws IOException, InterruptedException {
    Trace trace = history.next();
    if (trace == null) {
      return false;
    }
    Plan plan = trace.plan();
    trace.heard(Heard.nothing(End.OPEN));
    if (plan.reading() == Reading.WHOLE) {
      Wire kept = usual;
      Wire wire = sent(plan);
      Heard heard = read(wire, trace, false);
      if (wire == kept && heard.status() == 0 && !trace.hasBegun()) {
        // The server has closed the connection while the request was on its way: RFC 9110, 9.2.2.
        wire.close();
        wire = sent(plan);
        heard = read(wire, trace, false);
      }
      trace.heard(heard);
      if (wire.hasEnded() && !wire.isLast()) {
        usual = wire;
      } else {
        wire.close();
      }
      return true;
    }
    try (Wire wire = new Wire(port, plan.reading() == Reading.SLOWLY ? SMALL_WINDOW : 0)) {
      send(wire, plan);
      switch (plan.reading()) {
        case ABORT_BEGUN -> await(trace.begun());
        case ABORT_ENDING -> await(trace.ending());
        default -> {}
      }
      boolean reads = plan.reading() == Reading.ABORT_INSIDE || plan.reading() == Reading.SLOWLY;
      trace.heard(reads ? read(wire, trace, maySlow) : Heard.nothing(End.ABORTED));
      if (plan.reading().isAborted()) {
        wire.abort();
      }
    }
    return true;
  }

  /** It is not always reached: the request may fail before. */
  private static void await(CountDownLatch latch) throws InterruptedException {
    latch.await(1, TimeUnit.SECONDS);
  }

  /** Sends on the usual connection, or on another one if the server has closed it meanwhile. */
  private Wire sent(Plan plan) throws IOException {
    Wire kept = usual;
    usual = null;
    if (kept != null) {
      try {
        send(kept, plan);
        return kept;
      } catch (IOException e) {
        kept.close();
      }
    }
    Wire wire = new Wire(port, 0);
    send(wire, plan);
    return wire;
  }

  private static void send(Wire wire, Plan plan) throws IOException {
    wire.send(
        "GET %s%s HTTP/1.%d\r\nHost: localhost\r\n%s: %d\r\n%s: %s\r\n\r\n"
            .formatted(
                Stage.PATH,
                plan.body() == Body.NAMED ? "?stream" : "",
                plan.old() ? 0 : 1,
                Script.INDEX,
                plan.index(),
                History.TENANT,
                History.tenant(plan.tenant())));
  }

  private Heard read(Wire wire, Trace trace, boolean maySlow)
      throws IOException, InterruptedException {
    Plan plan = trace.plan();
    boolean afterFailure = wire.hasFailed();
    long bytes = 0;
    boolean garbled = false;
    End end = End.WHOLE;
    try {
      wire.readHead(plan.old());
      boolean first = true;
      for (int read = wire.readSome(); read > 0; read = wire.readSome()) {
        garbled |= !wire.hasRead(Performance.PATTERN, Performance.place(plan, bytes), read);
        bytes += read;
        if (first && plan.reading() == Reading.ABORT_INSIDE) {
          end = End.ABORTED;
          break;
        }
        if (first && plan.reading() == Reading.SLOWLY && maySlow) {
          for (int i = 0; i < REQUESTS_MEANWHILE; i++) {
            next(false);
          }
          wire.widen();
        }
        first = false;
      }
      if (garbled && wire.status() < 400) {
        end = End.GARBLED;
      }
    } catch (SocketTimeoutException e) {
      trace.event("the client waits in vain");
      end = End.OPEN;
    } catch (IOException e) {
      trace.event("the client gets " + e);
      end = End.CUT;
    }
    return new Heard(
        wire.status(),
        wire.header(Script.INDEX),
        "true".equals(wire.header(Performance.SUCCESS)),
        wire.header(FailurePage.PAGE) != null,
        wire.header(FailurePage.OUTCOME),
        "true".equals(wire.header(FailurePage.UNKNOWN)),
        bytes,
        afterFailure,
        end);
  }

  @Override
  public void close() throws IOException {
    if (usual != null) {
      usual.close();
    }
  }
}
