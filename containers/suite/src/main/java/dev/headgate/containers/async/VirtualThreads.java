package dev.headgate.containers.async;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Virtual threads, which came with Java 21. */
final class VirtualThreads {

  static final boolean MISSING = Runtime.version().feature() < 21;

  private VirtualThreads() {}

  static ExecutorService executor() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
