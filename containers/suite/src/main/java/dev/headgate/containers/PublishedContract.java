package dev.headgate.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener makes the data source, and publishes it as an attribute and in JNDI. */
public abstract class PublishedContract {

  private static final String HOST = "acme.example.com";

  private @Nullable Notebook deployed;

  protected abstract ServletContainer container();

  /** Tells whether a name in JNDI is an application's own, or the same for all of the server. */
  protected abstract boolean eachApplicationHasItsNames();

  @BeforeEach
  void unpack() throws Exception {
    deployed = new Notebook(container(), new Variant(Registration.WEB_XML, Storage.H2));
  }

  @AfterEach
  void close() throws IOException {
    notebook().close();
  }

  private Notebook notebook() {
    return Objects.requireNonNull(deployed);
  }

  private Webapp webapp() {
    return notebook().webapp();
  }

  private void deploy(String dataSource) throws IOException {
    JndiFiles.setFilter(webapp(), dataSource);
    JndiFiles.addListener(webapp());
  }

  private void assertUnitsOfWork(String text) throws IOException {
    notebook().store(HOST, text);
    Answer failed = notebook().add(HOST, "/notes?fail=after-insert", "not there");
    assertThat(failed.status()).as("%s", failed).isEqualTo(500);
    assertThat(notebook().texts(HOST)).contains(text).doesNotContain("not there");
  }

  private void assertPublished(String target) throws IOException {
    assertThat(notebook().get(HOST, target + "/published?as=listener").text()).isEqualTo("true");
  }

  private static String left(Path webapp) throws IOException {
    return Files.readString(webapp.resolve("WEB-INF/left.txt"));
  }

  private void assertRefused(String message) {
    assertThatThrownBy(notebook()::start).hasStackTraceContaining(message);
    notebook().stop();
  }

  @Test
  void aFilterWithoutSettings_usesThatOfTheListener() throws Exception {
    deploy("");
    notebook().start();

    assertUnitsOfWork("a");
    assertPublished("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdbc/tenants", "dev.headgate.datasource.RoutingDataSource"})
  void aFilterUsesThatWithAName(String name) throws Exception {
    deploy(JndiFiles.dataSource(name));
    notebook().start();

    assertUnitsOfWork("a");
    assertPublished("");
  }

  @Test
  void aStoppedApplicationLeavesNothing() throws Exception {
    deploy("");
    for (String text : new String[] {"first", "second"}) {
      notebook().start();
      assertUnitsOfWork(text);
      assertPublished("");
      notebook().stop();

      assertThat(left(webapp().folder())).isEqualTo("nothing");
      notebook().assertReleased("acme");
    }
  }

  @Test
  void aNameThatIsNowhere_stopsTheStart_whichLeavesNothing() throws Exception {
    deploy(JndiFiles.dataSource("jdbc/others"));

    assertRefused(
        "init-param data-source: jdbc/others is neither an attribute of the ServletContext nor in"
            + " JNDI");
    assertThat(left(webapp().folder())).isEqualTo("nothing");
  }

  @Test
  void aNameOfTheContainer_stopsTheStart() throws Exception {
    deploy("");
    webapp().changeWebXml(">jdbc/tenants<", ">java:comp/env/jdbc/tenants<");

    assertRefused(
        "context-param headgate.jndi-name: java:comp/env/jdbc/tenants can't be bound in JNDI: what"
            + " begins with java: belongs to the container; give a name such as jdbc/tenants");
  }

  @Test
  void twoApplicationsWithTheSameName(@TempDir Path folder) throws Exception {
    assertTwoApplications(folder);
  }

  /** Starts two applications with one name, which either both have, or the first one keeps. */
  protected final void assertTwoApplications(Path folder) throws Exception {
    deploy("");
    notebook().start();
    Path second = JndiFiles.copy(webapp().folder(), folder.resolve("second"));

    if (eachApplicationHasItsNames()) {
      notebook().deploy("/second", second);
      assertPublished("/second");
    } else {
      assertThatThrownBy(() -> notebook().deploy("/second", second))
          .hasStackTraceContaining(
              "context-param headgate.jndi-name: jdbc/tenants can't be bound in JNDI: it is taken,"
                  + " perhaps by another application; give each a name of its own");
    }
    assertPublished("");
  }
}
