package dev.headgate.filter;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A response that reaches the client when it is released, and not before: the application writes as
 * it would to the container's response, and can't make that commit. If it is larger than what is
 * held, or asks to be streamed, bytes are passed on earlier, each after the work that was done
 * before it is committed.
 *
 * <p>It does not extend {@code ServletResponseWrapper} on purpose: Tomcat 11 unwraps wrappers after
 * a forward and finishes the response that it finds inside. Jetty in turn has to find its own
 * response inside, see {@link #forApplication()}.
 */
final class HeldResponse extends HeldHead implements HeldBody.Events {

  /** What is asked about a response, and done for it. */
  interface Gate {

    /** Returns whether the application wants to be heard before it has ended. */
    boolean asksToStream();

    /**
     * Bytes follow: what was done until now has to be certain.
     *
     * @throws IOException if it is not, and the response has failed
     */
    void beforeBytes() throws IOException;

    /** Calls a listener that writes without blocking, when the request's thread allows. */
    void listen(WriteListener listener);
  }

  private static final int SC_PROCESSING = 102;
  private static final int SC_EARLY_HINTS = 103;

  /** How the response ends, in place of its body. */
  @FunctionalInterface
  private interface Ending {
    void send(HttpServletResponse response) throws IOException;
  }

  /** A held response inside which Jetty finds its own; all calls go to the held one. */
  private static final class JettyResponse extends HttpServletResponseWrapper {

    private final HeldResponse held;

    JettyResponse(HeldResponse held) {
      super(held);
      this.held = held;
    }

    @Override
    public ServletResponse getResponse() {
      return held.response;
    }
  }

  /** Prints in the response's locale, as Jetty does (ResponseWriter). */
  private static final class JettyPrinter extends PrintWriter {

    private final Locale locale;

    JettyPrinter(Writer text, Locale locale) {
      super(text);
      this.locale = locale;
    }

    @Override
    @SuppressWarnings("AnnotateFormatMethod") // the annotation is not among the dependencies
    public PrintWriter format(String format, @Nullable Object... arguments) {
      return format(locale, format, arguments);
    }
  }

  private final Gate gate;
  private final HttpServletRequest request;
  private final HeldLimits limits;
  private final HeldBody body;
  private @Nullable PrintWriter writer;
  private @Nullable OutputStream target;
  private @Nullable Ending ending;
  private int endingStatus;

  /** Whether the container's response may not be touched any more by the application. */
  private boolean sealed;

  /** Whether bytes were passed on before the end. */
  private boolean streaming;

  private long passed;

  /** The last character that was passed on, if it was text: what follows may depend on it. */
  private String before = "";

  HeldResponse(
      HttpServletRequest request, HttpServletResponse response, HeldLimits limits, Gate gate) {
    super(response);
    this.gate = gate;
    this.request = request;
    this.limits = limits;
    this.body = new HeldBody(limits.held(), this);
  }

  /**
   * Returns the response to hand on. Jetty's include and its servlet for static files unwrap
   * responses until they find Jetty's own, and fail otherwise
   * (ServletContextResponse.getServletContextResponse); they don't write to it past its wrappers.
   */
  HttpServletResponse forApplication() {
    return isJettys() ? new JettyResponse(this) : this;
  }

  boolean isJettys() {
    ServletResponse inner = response;
    while (inner instanceof ServletResponseWrapper wrapper) {
      inner = wrapper.getResponse();
    }
    return inner.getClass().getName().startsWith("org.eclipse.jetty.");
  }

  /** Returns the response that gets what is held. */
  HttpServletResponse container() {
    return response;
  }

  boolean isEventStream() {
    String type = response.getContentType();
    return type != null && type.startsWith("text/event-stream");
  }

  /** From now on it is this response that gets what is held. */
  void target(HttpServletResponse other) {
    response = other;
    target = null;
  }

  /**
   * Sees to it that the container will take it.
   *
   * @throws IllegalStateException if the body is larger than what is held, even if the application
   *     has swallowed the exception when it wrote it; or larger than its Content-Length
   */
  void complete() {
    if (body.isExceeded()) {
      throw new IllegalStateException("a part of the response body was refused: it is too large");
    }
    if (contentLength != null && ending == null) {
      long missing = Long.parseLong(contentLength) - passed - size();
      if (missing < 0 || (missing > 0 && hasBody())) {
        // The container would refuse it too, but only after COMMIT.
        throw otherLength();
      }
    }
  }

  /** Returns whether the client gets a body, where there can be a length without one. */
  private boolean hasBody() {
    int status = getStatus();
    return !request.getMethod().equals("HEAD")
        && status != SC_NO_CONTENT
        && status != SC_NOT_MODIFIED;
  }

  private IllegalStateException otherLength() {
    return new IllegalStateException(
        "the response body has %d bytes, and its Content-Length is %s"
            .formatted(passed + size(), contentLength));
  }

  /** From now on nothing is changed any more, and what was written waits to be sent. */
  synchronized void freeze() {
    committed = true;
    body.freeze();
  }

  /** Returns how many bytes are held, as the client will get them. */
  private int size() {
    return writer == null ? body.size() : lengthOf(before + body.text()) - lengthOf(before);
  }

  private int lengthOf(String text) {
    return text.getBytes(charset()).length;
  }

  /** Sends the response as the application wrote it, or what is left of it. */
  synchronized void release() throws IOException {
    if (ending != null) {
      ending.send(response);
      return;
    }
    sendContentLength();
    if (!body.isEmpty()) {
      body.passTo(target(), 0);
    }
  }

  /**
   * Takes nothing any more, as a response that the container has finished. From now on no thread is
   * in a call to the container's response, nor comes into one: it may be in the connection's next
   * request.
   */
  synchronized void seal() {
    committed = true;
    sealed = true;
    body.mute();
  }

  /** Throws away what the application has written, and brings back what was there before. */
  void discard() {
    seal();
    if (!response.isCommitted()) {
      atEntry.restore(response);
    }
  }

  /** Throws it away for an answer that has its status already. */
  void discardFor(HttpServletResponse answer) {
    int status = answer.getStatus();
    discard();
    answer.setStatus(status);
  }

  /** Returns whether bytes were passed on before the end. */
  boolean isStreaming() {
    return streaming;
  }

  /** Returns whether the status is the one that was there at entry. */
  boolean hasStatusOfEntry() {
    return getStatus() == atEntry.status();
  }

  @Override
  public int getStatus() {
    return ending != null ? endingStatus : response.getStatus();
  }

  private synchronized void end(int status, Ending how) {
    requireUncommitted();
    body.mute();
    contentLength = null;
    ending = how;
    endingStatus = status;
    committed = true;
  }

  /**
   * Jetty's ways to send an answer that is not the final one, for which nothing has to be certain.
   */
  private boolean isInterim(int status) {
    return (status == SC_PROCESSING || status == SC_EARLY_HINTS) && isJettys();
  }

  @Override
  public synchronized void sendError(int status, @Nullable String message) throws IOException {
    if (isInterim(status)) {
      response.sendError(status, message);
      return;
    }
    end(status, target -> target.sendError(status, message));
  }

  @Override
  public synchronized void sendError(int status) throws IOException {
    if (isInterim(status)) {
      response.sendError(status);
      return;
    }
    end(status, target -> target.sendError(status));
  }

  @Override
  public void sendRedirect(String location) {
    requireLocation(location);
    end(SC_FOUND, target -> redirect(target, location));
  }

  /** What the container refuses now, Jetty a path above the root, goes out as it was written. */
  private static void redirect(HttpServletResponse target, String location) throws IOException {
    try {
      target.sendRedirect(location);
    } catch (IllegalStateException | IllegalArgumentException e) {
      if (target.isCommitted()) {
        throw e;
      }
      target.setStatus(SC_FOUND);
      target.setHeader("Location", location);
    }
  }

  @Override
  public void sendRedirect(String location, boolean clearBuffer) {
    sendRedirect(location, SC_FOUND, clearBuffer);
  }

  @Override
  public void sendRedirect(String location, int status) {
    sendRedirect(location, status, true);
  }

  @Override
  public synchronized void sendRedirect(String location, int status, boolean clearBuffer) {
    requireLocation(location);
    requireUncommitted();
    // Not by the container's method, which is missing in Servlet 6.0 and may refuse after COMMIT.
    setStatus(status);
    setHeader("Location", location);
    if (clearBuffer) {
      body.mute();
      contentLength = null;
    } else {
      body.freeze();
    }
    committed = true;
  }

  private static void requireLocation(@Nullable String location) {
    if (location == null) {
      throw new IllegalArgumentException("a redirect needs a location");
    }
  }

  @Override
  public synchronized ServletOutputStream getOutputStream() throws IOException {
    if (ending == null && !sealed) {
      // The container says whether it may be: on Jetty a forward allows what was refused before.
      response.getOutputStream();
    }
    writer = null;
    body.limit(limits.held());
    return body;
  }

  @Override
  public synchronized PrintWriter getWriter() throws IOException {
    if (ending == null && !sealed) {
      atEntry.changingType();
      response.getWriter();
    }
    if (writer == null) {
      Writer text = new HeldWriter(body);
      writer =
          isJettys() && !sealed
              ? new JettyPrinter(text, response.getLocale())
              : new PrintWriter(text);
      body.limit(HeldWriter.WIDTH * limits.held());
    }
    return writer;
  }

  /** Returns the container's, which it has not told for some types before there is a writer. */
  private Charset charset() {
    String name = response.getCharacterEncoding();
    return name == null ? StandardCharsets.ISO_8859_1 : Charset.forName(name);
  }

  @Override
  public void flushBuffer() throws IOException {
    flushed();
  }

  @Override
  public void flushed() throws IOException {
    committed = true;
    body.markFlush();
    if (!body.isFrozen() && (streaming || gate.asksToStream()) && mayStream()) {
      passOn();
    }
  }

  @Override
  public void closed() {
    committed = true;
  }

  @Override
  public void listening(WriteListener listener) {
    gate.listen(listener);
  }

  @Override
  public void full(int more) throws IOException {
    if (mayStream()) {
      passOn();
    } else if (more <= width() * limits.whole() - body.size()) {
      body.limit(width() * limits.whole());
    } else {
      throw new IllegalStateException(
          "the response body exceeds the %d bytes that are held for a client that can't see where"
                  .formatted(limits.whole())
              + " it is cut off: it has neither a Content-Length nor chunks");
    }
  }

  /** Returns how many bytes of the held body are no more to be divided. */
  private int width() {
    return writer == null ? 1 : HeldWriter.WIDTH;
  }

  @Override
  public void written() {
    // In characters, where these are held: the bytes of a text are counted only once.
    if (contentLength != null && passed + body.size() / width() >= Long.parseLong(contentLength)) {
      committed = true;
    }
  }

  /** Jetty prints in the response's encoding (HttpOutput.print), where the API has Latin-1. */
  @Override
  public byte @Nullable [] encoded(String text) {
    return isJettys() ? text.getBytes(charset()) : null;
  }

  /** A client must be able to see that the rest is missing, if a later commit fails. */
  private boolean mayStream() {
    return streaming
        || contentLength != null
        || Framing.of(request).showsTruncation(response, isJettys());
  }

  private void passOn() throws IOException {
    if (contentLength != null && passed + size() > Long.parseLong(contentLength)) {
      throw otherLength();
    }
    gate.beforeBytes();
    synchronized (this) {
      // Another thread may have ended the answer meanwhile.
      if (!body.isFrozen()) {
        pass();
      }
    }
  }

  private void pass() throws IOException {
    if (!streaming) {
      streaming = true;
      committed = true;
      if (contentLength == null) {
        atEntry.changing("Transfer-Encoding");
        Framing.of(request).show(response, isJettys());
      }
      sendContentLength();
    }
    int kept = 0;
    if (contentLength != null) {
      boolean all = body.size() > 0 && passed + size() >= Long.parseLong(contentLength);
      kept = all ? width() : 0;
      passed += size();
      before = writer == null ? "" : last(before + body.text(), kept);
    }
    body.passTo(target(), kept);
    if (kept > 0) {
      passed -= size();
    }
  }

  /** Returns the last character in front of so many bytes that are kept. */
  private static String last(String text, int kept) {
    int end = text.length() - kept / HeldWriter.WIDTH;
    return text.substring(Math.max(0, end - 1), end);
  }

  private void sendContentLength() {
    if (contentLength != null && !response.isCommitted()) {
      atEntry.changing(CONTENT_LENGTH);
      response.setHeader(CONTENT_LENGTH, contentLength);
    }
  }

  /**
   * Returns where bytes go. The container has fixed the headers for a writer of its own, so that is
   * what has to write. It is not asked for errors, which would flush it.
   */
  private OutputStream target() throws IOException {
    if (target == null) {
      target =
          writer != null
              ? new HeldWriter.Target(response.getWriter())
              : new StreamedOutput(response);
    }
    return target;
  }

  @Override
  public synchronized void resetBuffer() {
    requireUncommitted();
    body.clear();
  }

  @Override
  public synchronized void reset() {
    resetBuffer();
    response.reset();
    writer = null;
    contentLength = null;
  }

  @Override
  public synchronized void setBufferSize(int size) {
    requireUncommitted();
    if (!body.isEmpty()) {
      throw new IllegalStateException("the response has a body already");
    }
    response.setBufferSize(size);
  }
}
