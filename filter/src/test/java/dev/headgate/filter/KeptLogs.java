package dev.headgate.filter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What Headgate's loggers say while this is open, at every level. */
final class KeptLogs extends Handler implements AutoCloseable {

  private final Logger logger = Logger.getLogger("dev.headgate");
  private final Level levelBefore = logger.getLevel();
  private final boolean parentBefore = logger.getUseParentHandlers();
  private final List<LogRecord> records = Collections.synchronizedList(new ArrayList<>());

  KeptLogs() {
    logger.setLevel(Level.ALL);
    logger.setUseParentHandlers(false);
    logger.addHandler(this);
  }

  /** Returns what was said at a level or above. */
  List<String> lines(Level level) {
    return List.copyOf(records).stream()
        .filter(record -> record.getLevel().intValue() >= level.intValue())
        .map(LogRecord::getMessage)
        .toList();
  }

  @Override
  public void publish(LogRecord record) {
    records.add(record);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(parentBefore);
    logger.setLevel(levelBefore);
  }
}
