package dev.headgate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.benchmarks.harness.Length;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BenchmarksTest {

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  void noName_printsWhichThereAre() throws Exception {
    assertThat(run("")).isEqualTo(2);
    assertThat(lines()).anyMatch(line -> line.matches(" +http .+"));
  }

  @Test
  void unknownName_printsWhichThereAre() throws Exception {
    assertThat(run("htttp")).isEqualTo(2);
    assertThat(lines()).anyMatch(line -> line.matches(" +http .+"));
  }

  @Test
  void http_endsWithItsResults() throws Exception {
    assertThat(run("http")).isZero();
    assertThat(lines()).filteredOn(line -> line.matches("(read|write|mixed) .*")).hasSize(12);
    assertThat(lines().skip(lines().count() - 3))
        .satisfiesExactly(
            line ->
                assertThat(line).matches("RESULT http\\.filter_over_handwritten [0-9]+\\.[0-9]{3}"),
            line -> assertThat(line).matches("RESULT http\\.p99_ratio [0-9]+\\.[0-9]{3}"),
            line -> assertThat(line).matches("RESULT http\\.extra_bytes -?[0-9]+"));
  }

  @Test
  void schema_endsWithItsResults() throws Exception {
    assertThat(run("schema")).isZero();
    assertThat(lines()).filteredOn(line -> line.matches("(PostgreSQL|MariaDB) .*")).hasSize(3);
    assertThat(lines().skip(lines().count() - 5))
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("RESULT schema.switch_round_trips.postgresql 1"),
            line -> assertThat(line).isEqualTo("RESULT schema.same_round_trips.postgresql 0"),
            line -> assertThat(line).isEqualTo("RESULT schema.switch_round_trips.mariadb 1"),
            line -> assertThat(line).isEqualTo("RESULT schema.same_round_trips.mariadb 0"),
            line -> assertThat(line).matches("RESULT schema\\.throughput_ratio [0-9]+\\.[0-9]{3}"));
  }

  private int run(String name) throws Exception {
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    return Benchmarks.run(name, new Length(1, 1, Duration.ofMillis(50)), out);
  }

  private Stream<String> lines() {
    return printed.toString(StandardCharsets.UTF_8).lines();
  }
}
