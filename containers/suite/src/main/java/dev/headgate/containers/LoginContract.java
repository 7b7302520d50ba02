package dev.headgate.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.containers.webapp.CodeRegistration;
import dev.headgate.containers.webapp.LoginServlet;
import dev.headgate.containers.webapp.UserRegistration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The database is chosen for the user, who logs in at the container. */
public abstract class LoginContract {

  /** Not bare, which is where the example needs no tenant, and no tenant's host. */
  private static final String HOST = "notebook.example";

  private static final String CONSTRAINT =
      """
      <security-constraint>
        <web-resource-collection>
          <web-resource-name>notes</web-resource-name>
          <url-pattern>/notes</url-pattern>
          <url-pattern>/account</url-pattern>
        </web-resource-collection>
        <auth-constraint>
          <role-name>**</role-name>
        </auth-constraint>
      </security-constraint>
      """;

  private static final String BASIC =
      """
      <login-config>
        <auth-method>BASIC</auth-method>
      </login-config>
      """;

  private static final String FORM =
      """
      <login-config>
        <auth-method>FORM</auth-method>
        <form-login-config>
          <form-login-page>/login</form-login-page>
          <form-error-page>/login?again</form-error-page>
        </form-login-config>
      </login-config>
      <servlet>
        <servlet-name>login</servlet-name>
        <servlet-class>%s</servlet-class>
      </servlet>
      <servlet-mapping>
        <servlet-name>login</servlet-name>
        <url-pattern>/login</url-pattern>
        <url-pattern>/account</url-pattern>
      </servlet-mapping>
      """
          .formatted(LoginServlet.class.getName());

  /** How a user logs in. */
  enum Login {
    BASIC {
      @Override
      void deploy(Webapp webapp) throws IOException {
        webapp.setResolver("resolver", "principal");
        webapp.addToWebXml(CONSTRAINT + LoginContract.BASIC);
      }

      @Override
      String header(Notebook notebook, String user) {
        return basic(user);
      }
    },

    FORM {
      @Override
      void deploy(Webapp webapp) throws IOException {
        webapp.setResolver("resolver", "principal", "exclude", "/login, /account");
        webapp.addToWebXml(CONSTRAINT + LoginContract.FORM);
        webapp.addClass(LoginServlet.class);
      }

      // Goes where a browser would: to the page, its form, and back.
      @Override
      String header(Notebook notebook, String user) throws IOException {
        String before = cookie(send(notebook, "GET", "/account", null));
        Answer answer =
            send(
                notebook,
                "POST",
                "/j_security_check",
                "j_username=%s&j_password=of-%s".formatted(user, user),
                before);
        assertThat(answer.status()).as("%s", answer).isBetween(302, 303);
        assertThat(answer.header("Location")).endsWith("/account");
        String session = answer.header("Set-Cookie") == null ? before : cookie(answer);
        // Tomcat answers the next request of the session with what was asked for at first.
        Answer account = send(notebook, "GET", "/account", null, session);
        assertThat(account.text()).isEqualTo("You are " + user);
        return session;
      }
    };

    abstract void deploy(Webapp webapp) throws IOException;

    /** Logs a user in, and returns the header that says so. */
    abstract String header(Notebook notebook, String user) throws IOException;
  }

  private @Nullable Notebook deployed;

  protected abstract ServletContainer container();

  @AfterEach
  void stop() throws IOException {
    if (deployed != null) {
      deployed.close();
    }
  }

  private Notebook notebook() {
    return Objects.requireNonNull(deployed);
  }

  private void start(Login login) throws Exception {
    var notebook = new Notebook(container(), new Variant(Registration.WEB_XML, Storage.H2));
    deployed = notebook;
    login.deploy(notebook.webapp());
    withUsers("acme", "globex", "mallory", "no.tenant").start();
  }

  private Notebook withUsers(String... names) {
    for (String name : names) {
      notebook().user(name, "of-" + name);
    }
    return notebook();
  }

  private static String basic(String user) {
    byte[] credentials = (user + ":of-" + user).getBytes(StandardCharsets.UTF_8);
    return "Authorization: Basic " + Base64.getEncoder().encodeToString(credentials);
  }

  private static String cookie(Answer answer) {
    return "Cookie: " + Objects.requireNonNull(answer.header("Set-Cookie")).split(";", 2)[0];
  }

  private static Answer send(
      Notebook notebook, String method, String target, @Nullable String form, String... headers)
      throws IOException {
    try (Client client = notebook.connect()) {
      return client.sendLast(method, HOST, target, form, headers);
    }
  }

  private Answer get(String target, String... headers) throws IOException {
    return send(notebook(), "GET", target, null, headers);
  }

  private void add(String text, String header) throws IOException {
    Answer answer = send(notebook(), "POST", "/notes", Notebook.form(text), header);
    assertThat(answer.status()).as("%s", answer).isEqualTo(303);
  }

  private static void assertNoNotes(Answer answer) {
    assertThat(answer.header("Content-Type")).as("%s", answer).isNotEqualTo("application/json");
  }

  private List<?> pools() throws IOException {
    Answer answer = notebook().get("localhost", "/pools.json");
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return Json.items(Json.member(Json.parse(answer.text()), "pools"));
  }

  @ParameterizedTest
  @EnumSource
  void eachUserHasADatabase(Login login) throws Exception {
    start(login);
    String acme = login.header(notebook(), "acme");
    String globex = login.header(notebook(), "globex");

    add("of acme", acme);
    add("of globex", globex);
    add("of acme too", acme);

    assertThat(get("/notes", acme).text())
        .isEqualTo("[{\"id\":1,\"text\":\"of acme\"},{\"id\":2,\"text\":\"of acme too\"}]");
    assertThat(get("/notes", globex).text()).isEqualTo("[{\"id\":1,\"text\":\"of globex\"}]");
    assertThat(pools()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource
  void aUserWithoutADatabaseIsRefusedBeforeAnyConnection(Login login) throws Exception {
    start(login);

    assertThat(get("/notes", login.header(notebook(), "mallory")).status()).isEqualTo(404);
    assertThat(get("/notes", login.header(notebook(), "no.tenant")).status()).isEqualTo(400);
    assertThat(pools()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void whoIsNotLoggedInIsRefusedBeforeAnyConnection(Login login) throws Exception {
    start(login);

    // By the container, which asks for a login.
    Answer constrained = get("/notes");
    assertNoNotes(constrained);
    if (login == Login.BASIC) {
      assertThat(constrained.status()).isEqualTo(401);
      assertThat(get("/notes", basic("acme") + "AAAA").status()).isEqualTo(401);
    }
    // By the filter, where the container asks for none.
    assertThat(get("/").status()).isEqualTo(400);
    assertThat(pools()).isEmpty();
  }

  @Test
  void whoHasLoggedOutIsRefusedBeforeAnyConnection() throws Exception {
    start(Login.FORM);
    String session = Login.FORM.header(notebook(), "acme");
    assertThat(send(notebook(), "POST", "/account", "", session).status()).isEqualTo(200);

    assertThat(get("/", session).status()).isEqualTo(400);
    assertNoNotes(get("/notes", session));
    assertThat(pools()).isEmpty();
  }

  @Test
  void aFunctionSaysWhoseUserItIs() throws Exception {
    var notebook = new Notebook(container(), new Variant(Registration.WEB_XML, Storage.H2));
    deployed = notebook;
    notebook.webapp().clearWebXml();
    notebook.webapp().add(UserRegistration.class, CodeRegistration.class);
    notebook.webapp().addToWebXml(CONSTRAINT + BASIC);
    withUsers("alice", "gus", "acme").start();

    assertThat(get("/notes", basic("acme")).status()).isEqualTo(400);
    assertThat(get("/").status()).isEqualTo(400);
    assertThat(pools()).isEmpty();
    add("of alice", basic("alice"));
    add("of gus", basic("gus"));
    assertThat(get("/notes", basic("alice")).text())
        .isEqualTo("[{\"id\":1,\"text\":\"of alice\"}]");
    assertThat(get("/notes", basic("gus")).text()).isEqualTo("[{\"id\":1,\"text\":\"of gus\"}]");
  }
}
