package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerNameTest {

  @ParameterizedTest
  @CsvSource(
      delimiterString = " -> ",
      value = {
        "jdbc:postgresql://db.example.com/acme -> db.example.com:5432",
        "jdbc:postgresql://DB.example.com:5432/acme?ssl=true -> db.example.com:5432",
        "jdbc:postgresql://db:6432/acme -> db:6432",
        "jdbc:postgresql:///acme -> localhost:5432",
        "jdbc:postgresql://[::1]/acme -> [::1]:5432",
        "jdbc:postgresql://[::1]:5433/acme -> [::1]:5433",
        "jdbc:postgresql://one,two:5433/acme -> one:5432,two:5433",
        "jdbc:postgresql:acme -> localhost:5432",
        "jdbc:mysql://u:secret@db/acme -> db:3306",
        "jdbc:mariadb://db/ -> db:3306",
        "jdbc:mariadb:sequential://one,two/acme -> one:3306,two:3306",
        "jdbc:mysql://(host=one,user=u,password=canary)/acme -> one:3306",
        "jdbc:mysql://(host=one,port=3307,password=canary),(host=two)/acme -> one:3307,two:3306",
        "jdbc:mysql://address=(host=one)(port=3307)(password=canary)/acme -> one:3307",
        "jdbc:mysql://u:canary/x@db/acme -> u:3306",
        "jdbc:postgresql://db/a@b -> db:5432",
        "jdbc:postgresql://db/a(host=b) -> db:5432",
        "jdbc:postgresql://db/a=b -> db:5432",
        "jdbc:postgresql:////db/acme -> localhost:5432",
        "jdbc:mysql://(localSocket=/tmp/a),(host=two)/acme -> two:3306",
        "jdbc:Unknown://a b/acme -> unknown",
        "jdbc:h2:tcp://db/~/a@b -> db",
        "jdbc:mariadb://address=(host=one)(port=3307)(type=replica),two/acme -> mariadb",
        "jdbc:mysql://u@[(host=one),(host=two,port=3307)]/acme -> one:3306,two:3307",
        "jdbc:mysql://u:canary/acme -> u:3306",
        "jdbc:mysql://(password=canary)/acme -> mysql",
        "jdbc:sqlserver://db:1433;databaseName=acme -> db:1433",
        "jdbc:oracle:thin:@db:1521:acme -> db:1521",
        "jdbc:oracle:thin:@//db:1521/acme -> db:1521",
        "jdbc:oracle:thin:scott/tiger@db:1521:acme -> db:1521",
        "jdbc:oracle:thin:scott/tiger@//db:1521/acme -> db:1521",
        "jdbc:oracle:thin:scott@db:1521:acme?a=//evil.example -> db:1521",
        "jdbc:oracle:thin:/@alias?TNS_ADMIN=/etc/a@b -> alias",
        "jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=DB)(PORT=1521))) -> db:1521",
        "jdbc:h2:tcp://db/acme -> db"
      })
  void hostAndPort(String url, String name) {
    assertThat(ServerName.of(url)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:h2:mem:acme",
        "jdbc:h2:file:./acme;PASSWORD=a@b",
        "jdbc:h2:~/acme",
        "jdbc:sqlite:/data/acme.db",
        "jdbc:other?a:b://db/acme",
        "jdbc:hsqldb:mem:acme"
      })
  void noHost_noServer(String url) {
    assertThat(ServerName.of(url)).isNull();
  }
}
