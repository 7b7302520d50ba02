package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the tenant's name may stand in the URL of a template. */
final class TemplateUrlTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db.example.com/{tenant}",
        "jdbc:postgresql://db.example.com:5432/app_{tenant}_2?sslmode=require",
        "jdbc:postgresql://{tenant}.db.example.com:5432/{tenant}",
        "jdbc:postgresql://one:5432,db-{tenant}:5432/app",
        "jdbc:postgresql://{tenant}@db/app",
        "jdbc:postgresql:{tenant}",
        "jdbc:postgresql://db/app?currentSchema={tenant}",
        "jdbc:postgresql://db/app?ssl=true&user=u_{tenant}",
        "jdbc:mysql://(host={tenant}.db,port=3306)/app",
        "jdbc:mysql://(host=one,port=3306)/app?ssl=true&user={tenant}",
        "jdbc:sqlserver://db:1433;encrypt=true;databaseName={tenant}",
        "jdbc:h2:mem:{tenant};DB_CLOSE_DELAY=-1",
        "jdbc:h2:mem:{tenant};INIT=CREATE SCHEMA IF NOT EXISTS a:b",
        "jdbc:h2:file:/data/{tenant}/notes",
        "jdbc:h2:file:C:\\data\\{tenant};USER={tenant}",
        "jdbc:oracle:thin:@{tenant}.db:1521:acme",
        "jdbc:oracle:thin:@db:1521:{tenant}",
        "jdbc:db2://db:50000/{tenant}:currentSchema={tenant};",
      })
  void whereAUrlHasNames_itMay(String url) throws Exception {
    assertThat(TenantDirectory.template(url).find(TenantId.of("acme")).orElseThrow().url())
        .isEqualTo(url.replace("{tenant}", "acme"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:{tenant}",
        "jdbc:{tenant}:mem:canary",
        "jdbc:h{tenant}:mem:canary",
        "jdbc:h2:{tenant}:canary",
        "jdbc:postgresql://canary:{tenant}/app",
        "jdbc:postgresql://canary:54{tenant}/app",
        "jdbc:postgresql://one,canary:{tenant}/app",
        "jdbc:postgresql://canary/app?{tenant}=true",
        "jdbc:postgresql://canary/app?ssl{tenant}",
        "jdbc:postgresql://canary/app?socketFactory={tenant}",
        "jdbc:postgresql://canary/app?user=u&sslrootcert=/certs/{tenant}",
        "jdbc:postgresql://canary/app?options=user;x{tenant}",
        "jdbc:h2:mem:canary;INIT=SET SCHEMA {tenant}",
        "jdbc:h2:mem:canary;TRACE_LEVEL_FILE={tenant}",
        "jdbc:h2:mem:{tenant};INIT=RUNSCRIPT FROM '{tenant}'",
        "jdbc:mysql://(host=canary,port={tenant})/app",
        "jdbc:mysql://(host=canary,{tenant}=1)/app",
        "jdbc:postgresql://canary/app?user=u&{tenant}",
        "jdbc:db2://canary:50000/app:currentSchema=s;{tenant}",
        "jdbc:db2://canary:50000/app:traceFile={tenant};",
        "jdbc:db2://canary:50000/app:traceFile=/x:user={tenant};",
        "jdbc:oracle:thin:@canary:{tenant}:acme",
        "jdbc:oracle:thin:@canary:{tenant}",
        "jdbc:postgresql://[{tenant}]/canary",
        "jdbc:postgresql://canary/app?options=x,user={tenant}",
        "jdbc:postgresql://canary/app?options=x;user={tenant}",
        "jdbc:postgresql://canary/app;x?options=x;user={tenant}",
        "jdbc:postgresql://canary/app?options=x?user={tenant}",
        "jdbc:postgresql://canary/app?options=(user={tenant}",
        "jdbc:h2:mem:canary;INIT=SELECT '/user={tenant}'",
        "jdbc:h2:mem:canary;INIT=SELECT 1\\\\;USER={tenant}",
        "jdbc:sqlserver://canary;a={x;user={tenant}}",
      })
  void elsewhere_itMayNot(String url) {
    assertThatThrownBy(() -> TenantDirectory.template(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("{tenant} stands where the URL has no name")
        .hasMessageNotContaining("canary");
  }
}
