package dev.headgate.frameworks.spring;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What is logged from now on, until another application starts, which sets up Logback anew. */
final class Logs {

  private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

  private Logs() {}

  static Logs listen() {
    Logs logs = new Logs();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            logs.events.add(event);
          }
        };
    appender.setContext(root.getLoggerContext());
    appender.start();
    root.addAppender(appender);
    return logs;
  }

  /** Returns the lines so far, each with its level, and the message of what was thrown. */
  List<String> lines() {
    return events.stream().map(Logs::line).toList();
  }

  private static String line(ILoggingEvent event) {
    String line = event.getLevel() + " " + event.getFormattedMessage();
    IThrowableProxy thrown = event.getThrowableProxy();
    return thrown == null ? line : line + ": " + thrown.getMessage();
  }
}
