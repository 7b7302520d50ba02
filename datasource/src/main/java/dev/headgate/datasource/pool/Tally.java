package dev.headgate.datasource.pool;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What became of the pools of a registry. Guarded by the registry's lock. */
final class Tally {

  /** Of so many logins it is known how many pools they had. */
  private static final int LOGINS = 10_000;

  private final Map<EvictionReason, Long> evicted = new EnumMap<>(EvictionReason.class);

  /** By address and user, the one longest unheard of first. No password is remembered in it. */
  private final Map<String, Integer> generations =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
          return size() > LOGINS;
        }
      };

  private long made;
  private long expired;
  private long revived;
  private long closed;

  Tally() {
    for (EvictionReason reason : EvictionReason.values()) {
      evicted.put(reason, 0L);
    }
  }

  /** Counts a pool that is made; returns its number among all. */
  long made() {
    made++;
    return made;
  }

  /** Returns which pool of its login the next one is. */
  int generation(Database database) {
    return generations.merge(database.login().toString(), 1, Integer::sum);
  }

  void evicted(EvictionReason reason) {
    evicted.merge(reason, 1L, Long::sum);
  }

  void expired() {
    expired++;
  }

  void revived() {
    revived++;
  }

  void closed() {
    closed++;
  }

  /**
   * @param dropped how many events no listener has heard
   */
  RegistrySnapshot.Totals totals(long dropped) {
    return new RegistrySnapshot.Totals(
        made,
        evicted.getOrDefault(EvictionReason.BOUND, 0L),
        expired,
        revived,
        Map.copyOf(evicted),
        closed,
        dropped);
  }
}
