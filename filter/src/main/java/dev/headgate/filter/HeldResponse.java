package dev.headgate.filter;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A response that reaches the client when it is released, and not before: the application writes as
 * it would to the container's response, and can't make that commit.
 *
 * <p>It does not extend {@code ServletResponseWrapper} on purpose: Tomcat 11 unwraps wrappers after
 * a forward and finishes the response that it finds inside. Jetty in turn has to find its own
 * response inside, see {@link #forApplication()}.
 */
final class HeldResponse implements HttpServletResponse {

  private static final String CONTENT_LENGTH = "Content-Length";

  /** How the response ends, in place of its body. */
  @FunctionalInterface
  private interface Ending {
    void send(HttpServletResponse response) throws IOException;
  }

  /** A held response inside which Jetty finds its own; all calls go to the held one. */
  private static final class JettyResponse extends HttpServletResponseWrapper {

    private final HttpServletResponse jettys;

    JettyResponse(HeldResponse held) {
      super(held);
      jettys = held.response;
    }

    @Override
    public ServletResponse getResponse() {
      return jettys;
    }
  }

  private final HttpServletResponse response;
  private final Map<String, List<String>> headersAtEntry = new LinkedHashMap<>();
  private final @Nullable String contentTypeAtEntry;
  private final int statusAtEntry;
  private final HeldBody body;
  private @Nullable PrintWriter writer;
  private @Nullable Charset writerCharset;
  private @Nullable String contentLength;
  private @Nullable Ending ending;
  private int endingStatus;
  private boolean committed;

  HeldResponse(HttpServletResponse response, int limit) {
    this.response = response;
    this.body = new HeldBody(limit, () -> committed = true);
    this.statusAtEntry = response.getStatus();
    this.contentTypeAtEntry = response.getContentType();
    for (String name : response.getHeaderNames()) {
      headersAtEntry.put(name, List.copyOf(response.getHeaders(name)));
    }
  }

  /**
   * Returns the response to hand on. Jetty's include and its servlet for static files unwrap
   * responses until they find Jetty's own, and fail otherwise
   * (ServletContextResponse.getServletContextResponse); they don't write to it past its wrappers.
   */
  HttpServletResponse forApplication() {
    ServletResponse inner = response;
    while (inner instanceof ServletResponseWrapper wrapper) {
      inner = wrapper.getResponse();
    }
    boolean jetty = inner.getClass().getName().startsWith("org.eclipse.jetty.");
    return jetty ? new JettyResponse(this) : this;
  }

  /**
   * Takes what the writer still has.
   *
   * @throws IllegalStateException if the body is larger than what is held, even if the application
   *     has swallowed the exception when it wrote it; or larger than its Content-Length
   */
  void complete() {
    if (writer != null) {
      writer.flush();
    }
    if (body.isExceeded()) {
      throw new IllegalStateException("a part of the response body was refused: it is too large");
    }
    if (contentLength != null && Long.parseLong(contentLength) < body.size()) {
      // The container would refuse it too, but only after COMMIT.
      throw new IllegalStateException(
          "the response body has %d bytes, and its Content-Length is %s"
              .formatted(body.size(), contentLength));
    }
  }

  /** Sends the response as the application wrote it. */
  void release() throws IOException {
    if (ending != null) {
      ending.send(response);
      return;
    }
    if (contentLength != null) {
      response.setHeader(CONTENT_LENGTH, contentLength);
    }
    if (writer != null) {
      // The container has fixed the headers for a writer of its own, so that is what has to write.
      // It is not asked for errors, which would flush it, so that it could not tell the length.
      response.getWriter().write(body.text(charset()));
    } else if (!body.isEmpty()) {
      body.writeTo(response.getOutputStream());
    }
  }

  /** Throws away what the application has written, and brings back what was there before. */
  void discard() {
    if (response.isCommitted()) {
      return;
    }
    response.reset();
    response.setStatus(statusAtEntry);
    if (contentTypeAtEntry != null) {
      response.setContentType(contentTypeAtEntry);
    }
    headersAtEntry.forEach(
        (name, values) -> {
          // Some are there again: the content type, and on Jetty its own and the session's cookie.
          Collection<String> there = response.getHeaders(name);
          if (there.isEmpty() || name.equalsIgnoreCase("Set-Cookie")) {
            values.stream()
                .filter(value -> !there.contains(value))
                .forEach(value -> response.addHeader(name, value));
          }
        });
  }

  @Override
  public int getStatus() {
    return ending != null ? endingStatus : response.getStatus();
  }

  private void end(int status, Ending how) {
    requireUncommitted();
    body.mute();
    contentLength = null;
    ending = how;
    endingStatus = status;
    committed = true;
  }

  @Override
  public void sendError(int status, @Nullable String message) {
    end(status, target -> target.sendError(status, message));
  }

  @Override
  public void sendError(int status) {
    end(status, target -> target.sendError(status));
  }

  @Override
  public void sendRedirect(String location) {
    requireLocation(location);
    end(SC_FOUND, target -> target.sendRedirect(location));
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
  public void sendRedirect(String location, int status, boolean clearBuffer) {
    requireLocation(location);
    requireUncommitted();
    // Not by the container's method, which is missing in Servlet 6.0 and may refuse after COMMIT.
    setStatus(status);
    setHeader("Location", location);
    if (clearBuffer) {
      body.mute();
      contentLength = null;
    } else {
      flushBuffer();
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
  public ServletOutputStream getOutputStream() throws IOException {
    // The container says whether it may be: on Jetty a forward allows what was refused before.
    response.getOutputStream();
    writer = null;
    return body;
  }

  @Override
  public PrintWriter getWriter() throws IOException {
    response.getWriter();
    PrintWriter open = writer;
    Charset charset = charset();
    if (open == null || !charset.equals(writerCharset)) {
      open = new PrintWriter(new OutputStreamWriter(body, charset));
      writer = open;
      writerCharset = charset;
    }
    return open;
  }

  private Charset charset() {
    return Charset.forName(response.getCharacterEncoding());
  }

  @Override
  public void flushBuffer() {
    if (writer != null) {
      writer.flush();
    }
    committed = true;
  }

  @Override
  public boolean isCommitted() {
    return committed || response.isCommitted();
  }

  @Override
  public void resetBuffer() {
    requireUncommitted();
    if (writer != null) {
      // What its encoder still has goes the same way.
      writer.flush();
      committed = false;
    }
    body.clear();
  }

  @Override
  public void reset() {
    requireUncommitted();
    resetBuffer();
    response.reset();
    writer = null;
    contentLength = null;
  }

  private void requireUncommitted() {
    if (isCommitted()) {
      throw new IllegalStateException("the response has been committed");
    }
  }

  @Override
  public void setBufferSize(int size) {
    requireUncommitted();
    if (!body.isEmpty()) {
      throw new IllegalStateException("the response has a body already");
    }
    response.setBufferSize(size);
  }

  @Override
  public int getBufferSize() {
    return response.getBufferSize();
  }

  @Override
  public void setContentLength(int length) {
    setContentLengthLong(length);
  }

  @Override
  public void setContentLengthLong(long length) {
    if (!isCommitted()) {
      contentLength = length < 0 ? null : Long.toString(length);
    }
  }

  private static boolean isContentLength(@Nullable String name) {
    return CONTENT_LENGTH.equalsIgnoreCase(name);
  }

  @Override
  public void setHeader(String name, @Nullable String value) {
    if (isCommitted()) {
      return;
    }
    if (isContentLength(name)) {
      // A container finishes the response once so many bytes are written.
      contentLength = value;
    } else {
      response.setHeader(name, value);
    }
  }

  @Override
  public void addHeader(String name, String value) {
    if (isContentLength(name)) {
      setHeader(name, value);
    } else if (!isCommitted()) {
      response.addHeader(name, value);
    }
  }

  @Override
  public void setIntHeader(String name, int value) {
    setHeader(name, Integer.toString(value));
  }

  @Override
  public void addIntHeader(String name, int value) {
    addHeader(name, Integer.toString(value));
  }

  @Override
  public void setDateHeader(String name, long date) {
    if (!isCommitted()) {
      response.setDateHeader(name, date);
    }
  }

  @Override
  public void addDateHeader(String name, long date) {
    if (!isCommitted()) {
      response.addDateHeader(name, date);
    }
  }

  @Override
  public void addCookie(Cookie cookie) {
    if (!isCommitted()) {
      response.addCookie(cookie);
    }
  }

  @Override
  public void setStatus(int status) {
    if (!isCommitted()) {
      response.setStatus(status);
    }
  }

  @Override
  public void setContentType(@Nullable String type) {
    if (!isCommitted()) {
      response.setContentType(type);
    }
  }

  @Override
  public void setCharacterEncoding(@Nullable String encoding) {
    if (!isCommitted()) {
      response.setCharacterEncoding(encoding);
    }
  }

  @Override
  public void setLocale(Locale locale) {
    if (!isCommitted()) {
      response.setLocale(locale);
    }
  }

  @Override
  public boolean containsHeader(String name) {
    return isContentLength(name) ? contentLength != null : response.containsHeader(name);
  }

  @Override
  public @Nullable String getHeader(String name) {
    return isContentLength(name) ? contentLength : response.getHeader(name);
  }

  @Override
  public Collection<String> getHeaders(String name) {
    if (!isContentLength(name)) {
      return response.getHeaders(name);
    }
    return contentLength == null ? List.of() : List.of(contentLength);
  }

  @Override
  public Collection<String> getHeaderNames() {
    if (contentLength == null) {
      return response.getHeaderNames();
    }
    List<String> names = new ArrayList<>(response.getHeaderNames());
    names.add(CONTENT_LENGTH);
    return names;
  }

  @Override
  public void setTrailerFields(@Nullable Supplier<Map<String, String>> supplier) {
    requireUncommitted();
    response.setTrailerFields(supplier);
  }

  @Override
  public @Nullable Supplier<Map<String, String>> getTrailerFields() {
    return response.getTrailerFields();
  }

  @Override
  public String encodeURL(String url) {
    return response.encodeURL(url);
  }

  @Override
  public String encodeRedirectURL(String url) {
    return response.encodeRedirectURL(url);
  }

  @Override
  public String getCharacterEncoding() {
    return response.getCharacterEncoding();
  }

  @Override
  public @Nullable String getContentType() {
    return response.getContentType();
  }

  @Override
  public Locale getLocale() {
    return response.getLocale();
  }
}
