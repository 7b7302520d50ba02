package dev.headgate.containers.tomcat;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What Tomcat logs, kept here and out of the way of the tests' output. */
final class TomcatLog extends Handler {

  private static final TomcatLog ALL = new TomcatLog();

  /** A logger that nobody refers to loses its handlers. */
  private static final Logger LOGGER = Logger.getLogger("org.apache");

  static {
    LOGGER.setUseParentHandlers(false);
    LOGGER.addHandler(ALL);
  }

  private final List<String> messages = new ArrayList<>();

  private TomcatLog() {
    setFormatter(new SimpleFormatter());
  }

  /** Begins to listen, if it does not yet. */
  static void listen() {}

  /** Returns the messages since the last call. */
  static List<String> take() {
    synchronized (ALL) {
      List<String> taken = List.copyOf(ALL.messages);
      ALL.messages.clear();
      return taken;
    }
  }

  @Override
  public synchronized void publish(LogRecord logged) {
    // An exception's own text, and those of its causes, are not in the message.
    String message = getFormatter().formatMessage(logged);
    for (Throwable why = logged.getThrown(); why != null; why = why.getCause()) {
      message += ": " + why;
    }
    messages.add(message);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
