package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.fuzz.Input;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;

/** Settings, files of tenants, and what these take from elsewhere. */
class SettingsFuzzTest {

  private static final String FIRST =
      """
      zz.url = jdbc:h2:mem:zz
      zz.user = sa
      zz.password = canary
      """;

  private static final Database ZZ =
      Database.builder("jdbc:h2:mem:zz").user("sa").password("canary").build();

  @TempDir static Path folder;

  /** Returns what the JDK reads from a text; nothing, if it is malformed. */
  private static Properties asTheJdkReads(String text) throws IOException {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IllegalArgumentException e) {
      properties.clear();
    }
    return properties;
  }

  @FuzzTest
  void aTenantInAFileIsWhatItsLinesSay(byte[] input) throws Exception {
    String text = Input.text(input);
    if (asTheJdkReads(text).toString().contains("${file:/")) {
      return; // any file of this machine
    }
    Path file = folder.resolve("tenants.properties");
    Files.writeString(file, FIRST + text);
    TenantDirectory directory;
    try {
      directory = TenantDirectory.properties(file);
    } catch (IllegalArgumentException e) {
      assertThat(e).message().startsWith(file + ": ");
      if (!text.contains("canary")) {
        assertThat(e).message().doesNotContain("canary");
      }
      return;
    }
    assertThat(directory.toString()).doesNotContain("canary");
    assertThat(directory.find(TenantId.of("zz"))).contains(ZZ);
    Map<String, String> entries = PropertiesFile.read(file);
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      if (entry.getKey().endsWith(".url") && !entry.getValue().contains("$")) {
        String tenant = entry.getKey().replaceFirst("\\.url\\z", "");
        assertThat(directory.find(TenantId.of(tenant)).map(Database::url))
            .contains(entry.getValue());
      }
    }
  }

  @FuzzTest
  void aFileIsReadAsTheJdkDoes_butForDoubles(byte[] input) throws IOException {
    String text = Input.text(input);
    Path file = folder.resolve("some.properties");
    Files.writeString(file, text);
    Map<String, String> read;
    try {
      read = PropertiesFile.read(file);
    } catch (IllegalArgumentException e) {
      assertThat(e).message().startsWith(file + ": ");
      return;
    }
    assertThat(read).isEqualTo(asTheJdkReads(text));
  }

  @FuzzTest
  void aSettingIsTakenOrRefusedByName(byte[] input) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    Properties properties = asTheJdkReads(Input.text(input));
    if (properties.toString().contains("${file:/")) {
      return; // any file of this machine
    }
    properties.forEach((name, value) -> texts.put((String) name, (String) value));
    texts.forEach(
        (name, value) -> {
          Map<String, String> one = Map.of(name, value);
          try {
            PoolSettings settings = PoolSettings.defaults().with(one);
            assertThat(PoolSettings.defaults().with(one)).isEqualTo(settings);
            assertThat(settings.maximumSize()).isPositive();
            assertThat(settings.borrowTimeout()).isPositive();
          } catch (IllegalArgumentException e) {
            assertThat(e).message().containsAnyOf(name, name.replace('-', ' '), value);
          }
          try {
            DirectorySettings settings = DirectorySettings.defaults().with(one);
            assertThat(settings.maximumTenants()).isPositive();
            assertThat(settings.foundFor()).isPositive();
          } catch (IllegalArgumentException e) {
            assertThat(e).message().containsAnyOf(name, name.replace('-', ' '), value);
          }
        });
    boolean forbidden = !properties.toString().contains("canary");
    texts.put("password", "canary");
    try {
      Database database =
          new DatabaseTexts(new Placeholders(name -> null)).read("database.", texts);
      if (forbidden) {
        assertThat(database.toString()).doesNotContain("canary");
      }
      assertThat(database.url()).isEqualTo(texts.get("url").replace("$${", "${"));
    } catch (IllegalArgumentException e) {
      assertThat(e).message().startsWith("database.");
      if (forbidden) {
        assertThat(e).message().doesNotContain("canary");
      }
    }
  }

  @FuzzTest
  void placeholdersAreReplacedOnceOrRefused(byte[] input) {
    String text = Input.text(input);
    if (text.contains("${file:/")) {
      return; // any file of this machine
    }
    Placeholders placeholders =
        new Placeholders(name -> name.equals("NAME") ? "${env:OTHER}" : null);
    try {
      assertThat(placeholders.expand("canary" + text))
          .isEqualTo(
              Arrays.stream(("canary" + text).split(Pattern.quote("$${"), -1))
                  .map(part -> part.replace("${env:NAME}", "${env:OTHER}"))
                  .collect(Collectors.joining("${")));
    } catch (IllegalArgumentException e) {
      assertThat(text).contains("${");
      if (!text.contains("canary")) {
        assertThat(e).message().doesNotContain("canary");
      }
    }
    assertThat(placeholders.files()).isEmpty();
  }
}
