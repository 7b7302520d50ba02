package dev.headgate.filter;

import dev.headgate.datasource.TenantId;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** The tenant in slf4j's MDC on this thread, until its end. */
final class TenantInLog {

  private static final String KEY = "tenant";

  private final @Nullable String before;

  TenantInLog(TenantId tenant) {
    before = MDC.get(KEY);
    MDC.put(KEY, tenant.value());
  }

  void end() {
    if (before == null) {
      MDC.remove(KEY);
    } else {
      MDC.put(KEY, before);
    }
  }
}
