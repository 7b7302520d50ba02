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

  @Test
  void borrow_endsWithItsResults() throws Exception {
    assertThat(run("borrow")).isZero();
    assertThat(lines())
        .filteredOn(line -> line.matches("10*  +(headgate|one|three) .*"))
        .hasSize(5);
    assertThat(lines().skip(lines().count() - 5))
        .allMatch(
            line ->
                line.matches(
                    "RESULT borrow\\.(headgate_over_(hikari|spring|dynamic)\\.t1"
                        + "|unit_over_handwritten\\.(one|three)) [0-9]+\\.[0-9]{3}"));
  }

  @Test
  void idle_endsWithItsResults() throws Exception {
    assertThat(run("idle")).isZero();
    assertThat(lines().skip(lines().count() - 5))
        .satisfiesExactly(
            line -> assertThat(line).matches("RESULT idle\\.kb_per_pool -?[0-9]+\\.[0-9]{2}"),
            line -> assertThat(line).matches("RESULT idle\\.threads [1-9][0-9]*"),
            line -> assertThat(line).matches("RESULT idle\\.peak_connecting [1-9][0-9]*"),
            line -> assertThat(line).matches("RESULT idle\\.make_us [1-9][0-9]*"),
            line -> assertThat(line).matches("RESULT idle\\.close_all_s [0-9]+\\.[0-9]{2}"));
  }

  @Test
  void churn_endsWithItsResults() throws Exception {
    assertThat(run("churn")).isZero();
    assertThat(lines().skip(lines().count() - 6))
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("RESULT churn.failed 0"),
            line -> assertThat(line).isEqualTo("RESULT churn.aborted 0"),
            line -> assertThat(line).matches("RESULT churn\\.pools_left [0-9]+"),
            line -> assertThat(line).matches("RESULT churn\\.operations_per_s [0-9]+"),
            line -> assertThat(line).isEqualTo("RESULT churn.threads_left 0"),
            line -> assertThat(line).matches("RESULT churn\\.heap_kb_left -?[0-9]+"));
  }

  @Test
  void budget_endsWithItsResults() throws Exception {
    assertThat(run("budget")).isZero();
    assertThat(lines()).anyMatch(line -> line.startsWith("Headgate "));
    assertThat(lines())
        .anyMatch(line -> line.equals("RESULT budget.failed 0"))
        .anyMatch(line -> line.matches("RESULT budget\\.peak_open ([0-9]|1[0-9]|20)"))
        .anyMatch(line -> line.matches("RESULT budget\\.max_ms [0-9]+"));
  }

  @Test
  void blackhole_endsWithItsResults() throws Exception {
    assertThat(run("blackhole")).isZero();
    assertThat(lines()).anyMatch(line -> line.startsWith("hangs "));
    assertThat(lines().skip(lines().count() - 5))
        .satisfiesExactly(
            line ->
                assertThat(line).matches("RESULT blackhole\\.others_throughput [0-9]\\.[0-9]{3}"),
            line -> assertThat(line).matches("RESULT blackhole\\.others_p99 [0-9]+\\.[0-9]{3}"),
            line -> assertThat(line).matches("RESULT blackhole\\.threads_held [0-9]+"),
            line -> assertThat(line).matches("RESULT blackhole\\.reject_p99_ms [0-9]+\\.[0-9]{2}"),
            line ->
                assertThat(line)
                    .matches("RESULT blackhole\\.recovery_s ([0-9]+\\.[0-9]{2}|Infinity)"));
  }

  @Test
  void flood_endsWithItsResults() throws Exception {
    assertThat(run("flood")).isZero();
    assertThat(lines()).anyMatch(line -> line.matches("pools made +20 +20"));
    assertThat(lines().skip(lines().count() - 3))
        .satisfiesExactly(
            line -> assertThat(line).matches("RESULT flood\\.p99_ms [0-9]+\\.[0-9]{3}"),
            line -> assertThat(line).matches("RESULT flood\\.heap_mb -?[0-9]+\\.[0-9]"),
            line -> assertThat(line).matches("RESULT flood\\.good_throughput [0-9]+\\.[0-9]{3}"));
  }

  private int run(String name) throws Exception {
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    return Benchmarks.run(
        name,
        new Length(1, 1, Duration.ofMillis(50), 100, 5, Duration.ofSeconds(1), Duration.ZERO),
        out);
  }

  private Stream<String> lines() {
    return printed.toString(StandardCharsets.UTF_8).lines();
  }
}
