package dev.headgate.filter;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The path that the application sees, without the tenant's segment. The container has chosen the
 * servlet before any filter runs, and chooses another one only for a forward.
 *
 * @param rest the path to forward to, below the context path, encoded as the client did
 */
record StrippedPath(String rest) {

  private static final String KEPT = StrippedPath.class.getName();

  private static final Pattern PARAMETERS = Pattern.compile(";[^/]*");
  private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})");

  /**
   * What is no client's business but may be forwarded to, with what file systems take for the same
   * name; and what would be another path to whoever normalizes it once more.
   */
  private static final Pattern HIDDEN =
      Pattern.compile(
          "[/\\\\]\\s*(web|meta)-inf(?![\\w-])|//|\\\\|[/\\\\]\\.{1,2}([/\\\\;]|$)|\\p{Cntrl}",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  private static final int MOST_DECODINGS = 3;

  /**
   * Returns the path behind the first segment.
   *
   * @throws PathRefusedException if it leads to what is hidden from clients, or the container's
   *     reading of the path is another than ours
   */
  static StrippedPath of(HttpServletRequest request) {
    String path = PathResolver.path(request);
    String segment = PathResolver.segment(path);
    String uri = request.getRequestURI();
    String context = request.getContextPath();
    if (!uri.startsWith(context + "/")) {
      throw new PathRefusedException("the path does not begin with the context path as it is set");
    }
    String encoded = uri.substring(context.length());
    String encodedSegment = PathResolver.segment(encoded);
    String rest = encoded.substring(1 + encodedSegment.length());
    // What the container has normalized is a different text, and refused: the decision about the
    // one would be none about the other, which is what is forwarded to.
    if (!isSame(path, "/" + segment + decoded(rest)) || !segment.equals(decoded(encodedSegment))) {
      throw new PathRefusedException("the path is not in the normal form");
    }
    requireVisible(decoded(rest));
    return new StrippedPath(rest.startsWith("/") ? rest : "/");
  }

  /** Behind a slash at the end, Tomcat may have put a welcome file (Mapper, rule 4). */
  private static boolean isSame(String path, String decoded) {
    return path.equals(decoded) || (decoded.endsWith("/") && path.startsWith(decoded));
  }

  private static String decoded(String encoded) {
    try {
      String text = PARAMETERS.matcher(encoded).replaceAll("");
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new PathRefusedException("the path has a malformed escape");
    }
  }

  /** Looks through what others might decode once more, too. */
  private static void requireVisible(String path) {
    String text = path;
    for (int i = 0; i < MOST_DECODINGS; i++) {
      if (HIDDEN.matcher(text).find()) {
        throw new PathRefusedException("the path leads to what is hidden from clients");
      }
      String next =
          ESCAPE
              .matcher(text)
              .replaceAll(escape -> Matcher.quoteReplacement(character(escape.group(1))));
      if (next.equals(text)) {
        return;
      }
      text = next;
    }
    throw new PathRefusedException("the path is encoded again and again");
  }

  private static String character(String hex) {
    return Character.toString(Integer.parseInt(hex, 16));
  }

  void keepIn(HttpServletRequest request) {
    request.setAttribute(KEPT, this);
  }

  /** Takes the path that a resolver has kept for a request, if one has. */
  static @Nullable StrippedPath takenFrom(HttpServletRequest request) {
    if (!(request.getAttribute(KEPT) instanceof StrippedPath path)) {
      return null;
    }
    // Once: a request that comes by again as an error page is at the application's own path.
    request.removeAttribute(KEPT);
    return path;
  }

  void forward(ServletRequest request, ServletResponse response)
      throws IOException, ServletException {
    RequestDispatcher dispatcher = request.getRequestDispatcher(rest);
    if (dispatcher == null) {
      ((HttpServletResponse) response)
          .sendError(HttpServletResponse.SC_NOT_FOUND, "There is no such path");
    } else {
      dispatcher.forward(request, response);
    }
  }

  /** Forwards in a later dispatch, in which the answer of those before goes on. */
  void forwardAgain(ServletRequest request, ServletResponse response)
      throws IOException, ServletException {
    forward(request, new Continued((HttpServletResponse) response));
  }

  /** A forward takes back what was written, and is refused once that was flushed; here it isn't. */
  private static final class Continued extends HttpServletResponseWrapper {

    private boolean forwarded;

    Continued(HttpServletResponse response) {
      super(response);
    }

    @Override
    public boolean isCommitted() {
      return forwarded && super.isCommitted();
    }

    @Override
    public void resetBuffer() {
      if (forwarded) {
        super.resetBuffer();
      }
      forwarded = true;
    }
  }
}
