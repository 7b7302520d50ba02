package dev.headgate.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void columns_areAsWideAsTheirWidestCell() {
    Table table = new Table(1, "", "count");
    table.row("read", "1");
    table.row("write", "1234567");
    assertThat(table.lines()).containsExactly("         count", "read         1", "write  1234567");
  }

  @Test
  void missingCell_isRefused() {
    Table table = new Table(1, "", "count");
    assertThatThrownBy(() -> table.row("read")).isInstanceOf(IllegalArgumentException.class);
  }
}
