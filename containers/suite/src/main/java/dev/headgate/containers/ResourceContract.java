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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The container, which is a Tomcat, makes the data source from a Resource. */
public abstract class ResourceContract {

  private static final String HOST = "acme.example.com";

  private @Nullable Notebook deployed;

  protected abstract ServletContainer container();

  /** Returns what is {@code catalina.base}, with an unpacked web application. */
  protected abstract Path base(Path webapp);

  @BeforeEach
  void unpack() throws Exception {
    Notebook notebook = new Notebook(container(), new Variant(Registration.WEB_XML, Storage.H2));
    deployed = notebook;
    JndiFiles.setFilter(notebook.webapp(), JndiFiles.read("data-source.xml"));
    Path webapp = notebook.webapp().folder();
    Path conf = Files.createDirectories(base(webapp).resolve("conf"));
    Files.move(webapp.resolve("WEB-INF/tenants.properties"), conf.resolve("tenants.properties"));
  }

  @AfterEach
  void close() throws IOException {
    notebook().close();
  }

  private Notebook notebook() {
    return Objects.requireNonNull(deployed);
  }

  private void deploy(String context) throws IOException {
    notebook().webapp().write("META-INF/context.xml", context);
  }

  @Test
  void aFilterUsesIt_andItIsClosedAtTheEnd() throws Exception {
    deploy(JndiFiles.read("context.xml"));
    for (String text : new String[] {"first", "second"}) {
      notebook().start();
      notebook().store(HOST, text);
      Answer failed = notebook().add(HOST, "/notes?fail=after-insert", "not there");
      assertThat(failed.status()).as("%s", failed).isEqualTo(500);
      assertThat(notebook().texts(HOST)).contains(text).doesNotContain("not there");
      assertThat(notebook().get(HOST, "/published?as=resource").text()).isEqualTo("true");
      notebook().stop();

      notebook().assertReleased("acme");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pools.maximum=\"20\" | pools.most=\"20\" | pools.most: is unknown",
        "pools.maximum=\"20\" | pools.maximum=\"many\" | pools.maximum: many: not a whole number",
        "closeMethod | singleton=\"false\" closeMethod | singleton: has to be true",
        "${catalina.base}/ | '' | directory: conf/tenants.properties is relative",
        "${catalina.base}/conf | /WEB-INF | directory: can't be read",
        "directory | description | directory: is missing"
      })
  void aWrongAttribute_stopsTheStart(String old, String by, String message) throws Exception {
    deploy(JndiFiles.replaced(JndiFiles.read("context.xml"), old, by));

    assertThatThrownBy(notebook()::start)
        .hasMessageContaining("filter unit-of-work: init-param data-source: ")
        .hasMessageContaining("resource tenants: " + message);
  }
}
