package dev.headgate.frameworks.modules;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application does the same work on the module path and on the class path. */
class ApplicationTest {

  @TempDir Path folder;

  @Test
  void onTheModulePath_headgateIsNamedAndNothingOfItIsOpen() throws Exception {
    assertThat(Application.onTheModulePath(folder, url()))
        .containsExactly(
            "answer: 200 acme stored hello",
            "cached by Hibernate: 1",
            "RoutingDataSource: in module dev.headgate.datasource, open packages: []",
            "UnitOfWorkFilter: in module dev.headgate.filter, open packages: []",
            "HibernateSettings: in module dev.headgate.hibernate, open packages: []");
    assertThat(notes()).containsExactly("hello", "by Hibernate");
  }

  @Test
  void onTheClassPath_headgateIsInNoNamedModule() throws Exception {
    assertThat(Application.onTheClassPath(folder, url()))
        .containsExactly(
            "answer: 200 acme stored hello",
            "cached by Hibernate: 1",
            "RoutingDataSource: in no named module",
            "UnitOfWorkFilter: in no named module",
            "HibernateSettings: in no named module");
    assertThat(notes()).containsExactly("hello", "by Hibernate");
  }

  /** So that only the service loader can have found the driver. */
  @Test
  void noModule_requiresTheDriver() throws Exception {
    Path[] jars = Application.jars().toArray(Path[]::new);
    List<ModuleDescriptor> modules =
        ModuleFinder.of(jars).findAll().stream().map(ModuleReference::descriptor).toList();
    assertThat(modules).extracting(ModuleDescriptor::name).contains("com.h2database");
    assertThat(modules)
        .flatExtracting(ModuleDescriptor::requires)
        .extracting(Requires.class::cast)
        .extracting(Requires::name)
        .contains("dev.headgate.datasource")
        .doesNotContain("com.h2database");
  }

  private String url() {
    return "jdbc:h2:" + folder.resolve("acme").toAbsolutePath();
  }

  private List<String> notes() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT text FROM note")) {
      List<String> notes = new ArrayList<>();
      while (rows.next()) {
        notes.add(rows.getString(1));
      }
      return notes;
    }
  }
}
