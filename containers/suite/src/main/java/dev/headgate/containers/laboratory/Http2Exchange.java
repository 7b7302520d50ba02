package dev.headgate.containers.laboratory;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** A request over HTTP/2 that has been sent, and what has come back so far. */
public final class Http2Exchange implements Stream.Listener {

  private static final long TIMEOUT_SECONDS = 30;

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CompletableFuture<Http2Answer> answer = new CompletableFuture<>();
  private final List<String> head = new ArrayList<>();
  private final List<String> trailers = new ArrayList<>();
  private final List<byte[]> frames = new ArrayList<>();
  private @Nullable Stream stream;

  public void sentOn(Stream stream) {
    this.stream = stream;
  }

  /** Returns whether no frame of an answer has come yet. */
  public boolean isSilent() {
    return begun.getCount() > 0;
  }

  /** Returns whether an answer begins within this time. */
  public boolean awaitBegin(long time, TimeUnit unit) throws InterruptedException {
    return begun.await(time, unit);
  }

  /** Waits for the end of the answer, clean or not; without one it is an exception. */
  public Http2Answer await() throws Exception {
    return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  /** Ends the exchange by RST_STREAM. */
  public void abort() throws Exception {
    Stream open = Objects.requireNonNull(stream);
    open.reset(new ResetFrame(open.getId(), ErrorCode.CANCEL_STREAM_ERROR.code))
        .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void onHeaders(Stream stream, HeadersFrame frame) {
    MetaData fields = frame.getMetaData();
    List<String> lines = head;
    if (fields instanceof MetaData.Response response) {
      head.add(Integer.toString(response.getStatus()));
    } else {
      lines = trailers;
    }
    for (HttpField field : fields.getHttpFields()) {
      lines.add(field.getName() + ": " + field.getValue());
    }
    begun.countDown();
    if (frame.isEndStream()) {
      end(null);
    } else {
      stream.demand();
    }
  }

  @Override
  public void onDataAvailable(Stream stream) {
    for (Stream.Data data = stream.readData(); data != null; data = stream.readData()) {
      ByteBuffer bytes = data.frame().getByteBuffer();
      byte[] some = new byte[bytes.remaining()];
      bytes.get(some);
      frames.add(some);
      boolean last = data.frame().isEndStream();
      data.release();
      if (last) {
        end(null);
        return;
      }
    }
    stream.demand();
  }

  @Override
  public void onReset(Stream stream, ResetFrame frame, Callback callback) {
    end("RST_STREAM " + frame.getError());
    callback.succeeded();
  }

  @Override
  public void onFailure(
      Stream stream, int error, String reason, Throwable failure, Callback callback) {
    end("%s (%d, %s)".formatted(failure, error, reason));
    callback.succeeded();
  }

  /** This client itself resets a stream with a wrong length, RFC 9113, section 8.1.1. */
  @Override
  public void onClosed(Stream stream) {
    if (stream.isReset()) {
      end("reset");
    }
  }

  private void end(@Nullable String failure) {
    begun.countDown();
    answer.complete(
        new Http2Answer(List.copyOf(head), List.copyOf(frames), List.copyOf(trailers), failure));
  }
}
