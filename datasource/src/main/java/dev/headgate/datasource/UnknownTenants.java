package dev.headgate.datasource;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tenants of which a directory has said that there are none. The one asked about the longest ago
 * makes room for the next; so who asks for ever new ones displaces first what would be asked again
 * first. Safe for use by many threads.
 */
final class UnknownTenants {

  private final int maximum;
  private final Map<TenantId, Answer> answers = new LinkedHashMap<>();

  UnknownTenants(int maximum) {
    this.maximum = maximum;
  }

  synchronized @Nullable Answer get(TenantId tenant) {
    return answers.get(tenant);
  }

  synchronized void put(TenantId tenant, Answer answer, long now) {
    answers.remove(tenant); // it would keep its place
    answers.put(tenant, answer);
    Iterator<Answer> oldestFirst = answers.values().iterator();
    while (oldestFirst.hasNext()) {
      Answer oldest = oldestFirst.next();
      if (answers.size() <= maximum && oldest.isUsable(now)) {
        return;
      }
      oldestFirst.remove();
    }
  }

  synchronized void remove(TenantId tenant) {
    answers.remove(tenant);
  }

  synchronized void outdate(TenantId tenant, long now) {
    answers.computeIfPresent(tenant, (same, answer) -> answer.withFreshUntil(now));
  }
}
