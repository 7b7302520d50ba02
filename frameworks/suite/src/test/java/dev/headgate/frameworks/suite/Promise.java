package dev.headgate.frameworks.suite;

/** What holds for a framework, in the words of the table's heading. */
enum Promise {
  ONE_OUTCOME("one outcome"),
  OWN_ROLLBACK("own rollback"),
  LEFT_OPEN("left open"),
  BATCHES("batches"),
  STREAMS("streams"),
  SWITCHES("switches"),
  ROUND_TRIPS("round trips"),
  BOOTSTRAP("bootstrap"),
  BINDS("binds"),
  NONE_STORES("`none`: stores"),
  NONE_LEFT_OPEN("`none`: left open");

  private final String title;

  Promise(String title) {
    this.title = title;
  }

  @Override
  public String toString() {
    return title;
  }
}
