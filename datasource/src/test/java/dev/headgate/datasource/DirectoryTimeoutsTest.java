package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.pool.TimeoutsTable;
import dev.headgate.datasource.pool.TimeoutsTable.Row;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The timeouts of directories are those of docs/configuration.md. */
class DirectoryTimeoutsTest {

  private static final DirectorySettings DIRECTORY = DirectorySettings.defaults();

  @Test
  void theTable_isTrueAndComplete() {
    assertThat(TimeoutsTable.rows("directory"))
        .containsExactly(
            new Row("directory.found-for", DIRECTORY.foundFor()),
            new Row("directory.unknown-for", DIRECTORY.unknownFor()),
            new Row("directory.stale-for", DIRECTORY.staleFor()),
            new Row("fixed, in directory", DirectoryCache.PATIENCE),
            new Row("fixed, in directory", DirectoryCache.TURN),
            new Row("fixed, in directory", DirectoryCache.UNTIL_NEXT_TRY),
            new Row("fixed, in directory", Duration.ofNanos(PropertiesDirectory.INTERVAL)),
            new Row(
                "fixed, in directory",
                Duration.ofNanos(PropertiesDirectory.LONGEST_UNTIL_NEXT_TRY)));
  }

  /** Each row belongs to pools, directories or the filter, whose tests compare them. */
  @Test
  void noRow_isNobodys() {
    assertThat(TimeoutsTable.rows(""))
        .filteredOn(row -> !row.setting().contains("pool") && !row.setting().contains("directory"))
        .extracting(Row::setting)
        .containsExactly("retry-after", "async.limit", "fixed, beyond async.limit");
  }
}
