package dev.headgate.containers.laboratory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.containers.Postgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The client gets the same bytes with the filter as without it, save for {@link Differences}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class SameBytesContract {

  private final Map<String, Service> services = new LinkedHashMap<>();
  private final List<Laboratory> laboratories = new ArrayList<>();
  private String tag = "";

  protected abstract EmbeddedContainer container();

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    services.putAll(Writing.services());
    services.putAll(Flushing.services());
    services.putAll(Buffering.services());
    services.putAll(Heading.services());
    services.putAll(Encoding.services());
    services.putAll(Redirecting.services());
    services.putAll(Failing.services());
    services.putAll(Dispatching.services());
    StaticFiles.write(folder.resolve("webapp"));
    String url = Postgres.newDatabase();
    for (boolean compressing : new boolean[] {false, true}) {
      Laboratory.Builder builder = Laboratory.in(container(), folder).tenant("acme", url);
      services.forEach((name, service) -> builder.servlet("/" + name, service));
      Failing.addErrorPages(builder);
      builder.servlet(Way.NEXT_PATH, (request, response) -> response.getWriter().print("next"));
      if (compressing) {
        builder.compressing();
      }
      laboratories.add(builder.withoutUnitOfWork().start());
      laboratories.add(builder.unitOfWork(filter -> {}).filter("touch", Touch.filter()).start());
    }
    laboratories.get(1).execute("acme", Touch.SCHEMA);
    tag = StaticFiles.tag(laboratories.get(0));
  }

  @AfterAll
  void stop() {
    laboratories.forEach(Laboratory::close);
  }

  private DynamicTest compare(Request request, Way way) {
    return compare(request, way, 0);
  }

  /** Compares two laboratories, of which the first one has no filter. */
  private DynamicTest compare(Request request, Way way, int first) {
    String title = way + " " + request.title();
    return DynamicTest.dynamicTest(
        title,
        () -> {
          String without = comparable(way.ask(laboratories.get(first), request));
          String with = comparable(way.ask(laboratories.get(first + 1), request));
          if (!Differences.areExplained(request, way, without, with)) {
            assertThat(Differences.without(request, way, with))
                .as("%s", title)
                .isEqualTo(Differences.without(request, way, without));
          }
        });
  }

  /** Leaves out when it was, and the random names of sessions and of what parts a multipart. */
  private static String comparable(String answer) {
    return answer
        .replaceAll("(?im)^(Date): .*$", "$1: …")
        .replaceAll("JSESSIONID=[^;]*", "JSESSIONID=…")
        .replaceAll("(boundary=|--)\\w{10,}", "$1…");
  }

  private Stream<Request> requests(Touch touch) {
    return services.keySet().stream().map(name -> Request.of("/" + name).touching(touch));
  }

  /**
   * For HEAD over HTTP/2 there are the static files: if a servlet writes more than fits into a
   * buffer, Jetty resets the stream, or never ends it.
   */
  @TestFactory
  Stream<DynamicTest> forEveryWayToAsk() {
    return requests(Touch.BEFORE_THE_SERVLET)
        .flatMap(
            request ->
                EnumSet.complementOf(EnumSet.of(Way.HTTP_2_HEAD)).stream()
                    .map(way -> compare(request, way)));
  }

  @TestFactory
  Stream<DynamicTest> withoutTheDatabase() {
    return requests(Touch.NEVER).map(request -> compare(request, Way.GET));
  }

  @TestFactory
  Stream<DynamicTest> withTheDatabaseAfterTheServlet() {
    return requests(Touch.AFTER_THE_SERVLET).map(request -> compare(request, Way.GET));
  }

  @TestFactory
  Stream<DynamicTest> ofStaticFiles() {
    return StaticFiles.requests(tag).stream()
        .map(request -> request.touching(Touch.BEFORE_THE_SERVLET))
        .flatMap(
            request ->
                Stream.of(Way.GET, Way.HEAD, Way.HTTP_1_0, Way.HTTP_2, Way.HTTP_2_HEAD)
                    .map(way -> compare(request, way)));
  }

  @TestFactory
  Stream<DynamicTest> compressed() {
    return Stream.concat(
            requests(Touch.BEFORE_THE_SERVLET),
            StaticFiles.NAMES.stream().map(name -> Request.of("/" + name)))
        .map(request -> request.with("Accept-Encoding: gzip"))
        .flatMap(request -> Stream.of(Way.GET, Way.HTTP_2).map(way -> compare(request, way, 2)));
  }
}
