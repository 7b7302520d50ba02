package dev.headgate.containers.laboratory;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Where the client hears something else with the filter than without it, each with its reason. */
final class Differences {

  /**
   * What is thrown takes the application's headers back. After {@code sendError} and after a
   * forward the response is committed, as the specification says (Jakarta Servlet 6.0, 9.4), but
   * Jetty still takes headers.
   */
  private static final Pattern HEADERS =
      Pattern.compile(
          "/(error-after-writing|exception-after-writing|forward-to-|include-of-named-default).*");

  /** Some containers resolve the location, and not in each of their methods for redirects. */
  private static final Pattern REDIRECTS = Pattern.compile("/(redirect-.*|static)");

  /** Jetty's writer keeps half a character that was written before a reset. */
  private static final String SURROGATE = "/reset-buffer-of-a-surrogate";

  /**
   * Tomcat sends large static files by the operating system, and so uncompressed, if there is no
   * filter that wraps the response. Jetty resets HEAD over HTTP/2 if a servlet writes more than
   * fits into a buffer, which its own servlet for files does where there is such a filter; and now
   * and then if it answers with an error page.
   */
  private static final String SENT_AS_FILE = "/static/large.txt";

  /**
   * Several ranges of a file: Jetty writes them past its servlet response, if that is not wrapped.
   */
  private static final String IN_PARTS = "/static/text.txt";

  /**
   * Where there is neither a stream nor a writer, Tomcat's forward asks a response that is wrapped
   * for its writer, which fixes the charset.
   */
  private static final Pattern FORWARDED = Pattern.compile("/forward-to-static-.*");

  private static final Pattern NO_LENGTH = Pattern.compile("(?i)content-length: 0\n");

  /** The first of the head of an answer by HTTP/2. */
  private static final Pattern ERROR_STATUS = Pattern.compile("(?m)^[45]\\d\\d$");

  private Differences() {}

  /** Returns whether the answers may differ in more than what is left out of the text. */
  static boolean areExplained(Request request, Way way, String without, String with) {
    String path = request.target().replaceFirst("\\?.*", "");
    // A client can't see that an answer is cut off which the end of the connection ends.
    boolean inChunks = without.contains("(CLOSED)") && with.contains("Transfer-Encoding: chunked");
    return path.equals(SURROGATE)
        || (path.equals(SENT_AS_FILE) && with.contains("gzip"))
        // Above the root for Jetty; or Servlet 6.0 has no such method, but the held response has.
        || (path.startsWith("/redirect-") && isFailure(without))
        || (way == Way.CLOSE && inChunks)
        || (with.contains("multipart/byteranges") && path.equals(IN_PARTS))
        || isWithoutPage(path, without, with)
        || (way == Way.HTTP_2_HEAD && isResetByJetty(path, without, with))
        || (way.method.equals("HEAD") && FORWARDED.matcher(path).matches());
  }

  /**
   * A range that can't be satisfied: Jetty writes its page into the response that it was given, and
   * finishes its own, which is still empty (ErrorHandler.generateAcceptableResponse).
   */
  private static boolean isWithoutPage(String path, String without, String with) {
    return path.equals(IN_PARTS)
        && without.contains("416")
        && with.contains("416")
        && NO_LENGTH.matcher(with).find();
  }

  /** See {@link #SENT_AS_FILE}; it is the one of the two answers or the other. */
  private static boolean isResetByJetty(String path, String without, String with) {
    return path.equals(SENT_AS_FILE)
        || without.contains("(reset)")
        || (with.contains("(reset)") && ERROR_STATUS.matcher(without).find());
  }

  private static boolean isFailure(String answer) {
    return answer.lines().limit(2).anyMatch(line -> line.contains("500"));
  }

  /** Leaves out of an answer what is explained. */
  static String without(Request request, Way way, String answer) {
    String path = request.target().replaceFirst("\\?.*", "");
    String text = answer;
    if (HEADERS.matcher(path).matches()) {
      text = text.replaceAll("(?im)^x-(before|after): yes\n", "");
    }
    if (REDIRECTS.matcher(path).matches()) {
      text = text.replaceAll("(?im)^(location): (http://[^/]+)?/?", "$1: …/");
    }
    return way == Way.HTTP_2 || way == Way.HTTP_2_HEAD ? sorted(text) : text;
  }

  /** The length comes last, since containers finish a response when it is reached. */
  private static String sorted(String text) {
    return Arrays.stream(text.split("\n", -1)).sorted().collect(Collectors.joining("\n"));
  }
}
