package dev.headgate.filter;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The head of a held response: all of it goes to the container's response at once, which does not
 * send it, save for the Content-Length, and freezes when the held response is committed.
 *
 * <p>What touches the container's response does so in this object's monitor.
 */
abstract class HeldHead implements HttpServletResponse {

  static final String CONTENT_LENGTH = "Content-Length";

  /** The container's, or what other filters have made of it. */
  HttpServletResponse response;

  /** Whether the application takes the head for sent. */
  boolean committed;

  /** What the application has declared. */
  @Nullable String contentLength;

  final EntryState atEntry;

  HeldHead(HttpServletResponse response) {
    this.response = response;
    this.atEntry = new EntryState(response);
  }

  @Override
  public boolean isCommitted() {
    return committed || response.isCommitted();
  }

  final void requireUncommitted() {
    if (isCommitted()) {
      throw new IllegalStateException("the response has been committed");
    }
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
  public synchronized void setContentLengthLong(long length) {
    if (!committed) {
      contentLength = length < 0 ? null : Long.toString(length);
    }
  }

  private static boolean isContentLength(@Nullable String name) {
    return CONTENT_LENGTH.equalsIgnoreCase(name);
  }

  @Override
  public synchronized void setHeader(String name, @Nullable String value) {
    if (committed) {
      return;
    }
    if (isContentLength(name)) {
      // A container finishes the response once so many bytes are written.
      contentLength = value;
    } else {
      atEntry.changing(name);
      response.setHeader(name, value);
    }
  }

  @Override
  public synchronized void addHeader(String name, String value) {
    if (isContentLength(name)) {
      setHeader(name, value);
    } else if (!committed) {
      atEntry.changing(name);
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
  public synchronized void setDateHeader(String name, long date) {
    if (!committed) {
      atEntry.changing(name);
      response.setDateHeader(name, date);
    }
  }

  @Override
  public synchronized void addDateHeader(String name, long date) {
    if (!committed) {
      atEntry.changing(name);
      response.addDateHeader(name, date);
    }
  }

  @Override
  public synchronized void addCookie(Cookie cookie) {
    if (!committed) {
      atEntry.changing("Set-Cookie");
      response.addCookie(cookie);
    }
  }

  @Override
  public synchronized void setStatus(int status) {
    if (!committed) {
      response.setStatus(status);
    }
  }

  @Override
  public synchronized void setContentType(@Nullable String type) {
    if (!committed) {
      atEntry.changingType();
      response.setContentType(type);
    }
  }

  @Override
  public synchronized void setCharacterEncoding(@Nullable String encoding) {
    if (!committed) {
      atEntry.changingType();
      response.setCharacterEncoding(encoding);
    }
  }

  @Override
  public synchronized void setLocale(Locale locale) {
    if (!committed) {
      atEntry.changingType();
      atEntry.changing("Content-Language");
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
  public synchronized void setTrailerFields(@Nullable Supplier<Map<String, String>> supplier) {
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
