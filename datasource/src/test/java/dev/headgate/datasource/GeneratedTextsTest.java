package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.pool.AllowedDatabases;
import dev.headgate.datasource.pool.Database;
import dev.headgate.faults.Generated;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a configuration or a directory has in it is read as it stands, or refused by name. */
@Tag("long")
final class GeneratedTextsTest {

  private static final List<String> URLS =
      List.of(
          "jdbc:postgresql://db.example.com:5432/acme?sslmode=require&user=app",
          "jdbc:postgresql://[::1]:5432,two/acme",
          "jdbc:mysql://app@db.example.com/acme?a=b",
          "jdbc:mysql://(host=one,port=3306),(host=two)/acme",
          "jdbc:mariadb:sequential://one,two:3307/acme",
          "jdbc:h2:mem:acme;DB_CLOSE_DELAY=-1;INIT=x",
          "jdbc:h2:file:/data/acme",
          "jdbc:sqlserver://db:1433;databaseName=acme",
          "jdbc:oracle:thin:@//db:1521/acme",
          "jdbc:db2://db:50000/acme:currentSchema=s;");

  private static final Pattern LABEL =
      Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?");

  @TempDir private Path folder;

  @Test
  void anIdentifierIsALabel_inSmallLetters() {
    Generated.texts(
        List.of("acme", "Acme-1", "a", "x".repeat(62)),
        text -> {
          try {
            TenantId tenant = TenantId.of(text);
            assertThat(text).matches(LABEL).isEqualToIgnoringCase(tenant.value());
            assertThat(TenantId.of(tenant.value())).isEqualTo(tenant);
            assertThat(tenant.value()).isEqualTo(text.toLowerCase(Locale.ROOT));
          } catch (InvalidTenantIdException e) {
            assertThat(text).doesNotMatch(LABEL);
            assertThat(e.getMessage()).isNotNull();
          }
        });
  }

  @Test
  void aUrlNamesAServer_orNone_andIsShownInPart() {
    Generated.texts(
        URLS,
        text -> {
          Database database;
          try {
            database = Database.of(text);
          } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).doesNotContain("db.example.com", "acme");
            return;
          }
          assertThat(database.address())
              .matches("[^\\p{Cntrl}?]*")
              .hasSizeLessThan(text.length() + 1);
          database
              .server()
              .ifPresent(server -> assertThat(server).doesNotContain("@").isNotBlank());
          assertThat(database.server()).isEqualTo(Database.of(text).server());
        });
  }

  @Test
  void aUrlWithAPasswordInOneOfItsPlaces_isRefused() {
    List<String> before =
        List.of(
            "jdbc:postgresql://db/acme?password=",
            "jdbc:postgresql://app:",
            "jdbc:h2:mem:acme;PASSWORD=",
            "jdbc:oracle:thin:app/");
    for (String place : before) {
      Generated.texts(
          1_000,
          List.of("canary", "c@nary", "can:ary", "c4n4ry"),
          password -> {
            String url = place + password + (place.endsWith("=") ? "" : "@db:1521/acme");
            // One that begins with an at sign looks as none to Oracle.
            if ((place.contains("oracle") && password.startsWith("@"))
                || password.isBlank()
                || password.matches("[\\s?&;,)/\\d].*|(?s:.*)[\\p{Cntrl}\u2028](?s:.*)|/.*")) {
              return;
            }
            try {
              Database database = Database.of(url);
              assertThat(password).as("accepted: %s", database).isEmpty();
            } catch (IllegalArgumentException e) {
              assertThat(e.getMessage()).contains("the URL has").doesNotContain(password + "@");
            }
          });
    }
  }

  @Test
  void aTemplateHasTheTenantWhereNamesAre_orIsRefused() {
    Set<String> names =
        Set.of("database", "databasename", "currentschema", "schema", "user", "username", "host");
    Generated.texts(
        URLS.stream().map(url -> url.replace("acme", "{tenant}")).toList(),
        text -> {
          String url;
          try {
            url = TenantDirectory.template(text).find(TenantId.of("marker")).orElseThrow().url();
          } catch (IllegalArgumentException e) {
            return;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
          assertThat(url).isEqualTo(text.replace("{tenant}", "marker")).startsWith("jdbc:");
          assertThat(url.split(":", 3)[1]).doesNotContain("marker");
          int parameters = text.indexOf('?') >= 0 ? text.indexOf('?') : text.indexOf(';');
          if (parameters >= 0) {
            for (String parameter : text.substring(parameters + 1).split("[?&;]", -1)) {
              if (parameter.contains("{tenant}")) {
                String name =
                    parameter
                        .substring(0, parameter.indexOf("{tenant}"))
                        .replaceFirst("(?s)=[^=]*$", "")
                        .replaceFirst("(?s).*[:,(/]", "");
                assertThat(names).contains(name.strip().toLowerCase(Locale.ROOT));
              }
            }
          }
        });
  }

  @Test
  void whatIsAllowedIsUnderAPrefix_withTheNamedProperties() {
    AllowedDatabases allowed =
        AllowedDatabases.under("jdbc:postgresql://db.example.com:5432/", "jdbc:h2:mem:")
            .withProperties("sslmode", "DB_CLOSE_DELAY");
    Generated.texts(
        List.of(
            "jdbc:postgresql://db.example.com:5432/acme?sslmode=require",
            "jdbc:h2:mem:acme/notes;DB_CLOSE_DELAY=-1",
            "/",
            "&user=x"),
        text -> {
          try {
            allowed.require(Database.of(text));
          } catch (IllegalArgumentException e) {
            return;
          }
          assertThat(text)
              .matches(
                  "(?i)(jdbc:postgresql://db\\.example\\.com:5432/|jdbc:h2:mem:)[\\w./-]*"
                      + "([?&;]+\\s*((sslmode|DB_CLOSE_DELAY)\\s*(=[^?&;]*)?)?)*");
          assertThat(text.split("[?;]", 2)[0]).doesNotContain("/.", ":.");
        });
  }

  @Test
  void placeholdersAreReplaced_orRefusedWithoutTheText() {
    Placeholders placeholders = new Placeholders(name -> name.equals("NAME") ? "value" : null);
    Generated.texts(
        List.of("canary", "${env:NAME}", "$${", "${env:OTHER}", "${file:relative}", "}"),
        text -> {
          try {
            String expanded = placeholders.expand(text);
            assertThat(expanded)
                .isEqualTo(
                    text.replace("$${", "\uE000")
                        .replace("${env:NAME}", "value")
                        .replace("\uE000", "${"));
          } catch (IllegalArgumentException e) {
            assertThat(text).contains("${");
            if (!text.matches("(?s).*\\$\\{(env|file):[^}]*canary.*")) {
              assertThat(e.getMessage()).doesNotContain("canary");
            }
          }
        });
  }

  @Test
  void aFileOfProperties_isReadAsItWasWritten() throws IOException {
    Path file = folder.resolve("written.properties");
    Generated.texts(
        1_000,
        List.of("acme.url", "jdbc:h2:mem:a", "a = b", "#c", "\\u0041", "\\"),
        text -> {
          Properties written = new Properties();
          written.setProperty(text, text);
          written.setProperty("another", text);
          try {
            StringWriter all = new StringWriter();
            written.store(all, null);
            Files.writeString(
                file,
                new String(
                    all.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
            Map<String, String> expected = new TreeMap<>();
            String plain =
                new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
            expected.put(plain, plain);
            expected.put("another", plain);
            assertThat(PropertiesFile.read(file)).isEqualTo(expected);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Test
  void aFileOfTenants_isTakenOrRefusedWithoutItsPassword() throws IOException {
    Path file = folder.resolve("tenants.properties");
    Generated.texts(
        1_000,
        List.of(
            "acme.url = jdbc:h2:mem:a\nacme.user = sa\nacme.password = canary\n",
            "acme.url = jdbc:h2:mem:a\nacme.pool.maximum-size = 5\nb.url = jdbc:h2:mem:b\n",
            "b.property.x = y\nb.schema = s\n"),
        text -> {
          try {
            Files.write(file, text.getBytes(StandardCharsets.UTF_8));
            assertThat(TenantDirectory.properties(file).toString()).contains("tenants.properties");
          } catch (IllegalArgumentException e) {
            if (text.contains("acme.password = canary\n")) {
              assertThat(e.getMessage()).doesNotContain("= canary");
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
