package dev.headgate.example;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.headgate.datasource.pool.EvictionReason;
import dev.headgate.datasource.pool.HeldConnection;
import dev.headgate.datasource.pool.PoolSnapshot;
import dev.headgate.datasource.pool.RegistrySnapshot;
import dev.headgate.datasource.pool.ServerSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What {@code /pools.json} says. */
final class PoolsJson {

  /** With milliseconds always, so that the length of an answer depends on no clock. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final RegistrySnapshot snapshot;
  private final boolean withHeld;
  private final JsonGenerator json;

  private PoolsJson(RegistrySnapshot snapshot, boolean withHeld, JsonGenerator json) {
    this.snapshot = snapshot;
    this.withHeld = withHeld;
    this.json = json;
  }

  /**
   * Writes a snapshot.
   *
   * @param withHeld whether also the connections that are held for long, with the requests and the
   *     places in the code that have them
   */
  static byte[] of(RegistrySnapshot snapshot, boolean withHeld) throws IOException {
    return Json.write(json -> new PoolsJson(snapshot, withHeld, json).write());
  }

  private void write() throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("pools");
    for (PoolSnapshot pool : snapshot.pools()) {
      write(pool);
    }
    json.writeEndArray();
    write(snapshot.totals());
    json.writeArrayFieldStart("servers");
    for (ServerSnapshot server : snapshot.servers()) {
      write(server);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("held");
    for (HeldConnection held : withHeld ? snapshot.held() : List.<HeldConnection>of()) {
      write(held);
    }
    json.writeEndArray();
    json.writeStringField("taken", TIME.format(snapshot.taken()));
    json.writeEndObject();
  }

  private void write(PoolSnapshot pool) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", pool.name());
    json.writeArrayFieldStart("tenants");
    for (String tenant : pool.labels()) {
      json.writeString(tenant);
    }
    json.writeEndArray();
    json.writeNumberField("active", pool.active());
    json.writeNumberField("idle", pool.idle());
    json.writeNumberField("waiting", pool.waiting());
    json.writeNumberField("leases", pool.leases());
    json.writeStringField("phase", word(pool.phase()));
    json.writeNumberField("maximum", pool.maximumSize());
    json.writeNumberField("generation", pool.generation());
    write("server", pool.server());
    json.writeStringField("madeAt", before(pool.age()));
    json.writeStringField("lastUsed", before(pool.sinceUse()));
    json.writeEndObject();
  }

  private void write(RegistrySnapshot.Totals totals) throws IOException {
    json.writeObjectFieldStart("totals");
    json.writeNumberField("made", totals.made());
    json.writeNumberField("evicted", totals.evicted());
    json.writeNumberField("expired", totals.expired());
    json.writeNumberField("revived", totals.revived());
    json.writeNumberField("closed", totals.closed());
    json.writeObjectFieldStart("evictedFor");
    for (EvictionReason reason : EvictionReason.values()) {
      json.writeNumberField(word(reason), totals.evictedFor().getOrDefault(reason, 0L));
    }
    json.writeEndObject();
    json.writeNumberField("droppedEvents", totals.droppedEvents());
    json.writeEndObject();
  }

  private void write(ServerSnapshot server) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", server.name());
    json.writeNumberField("budget", server.budget());
    json.writeNumberField("open", server.open());
    json.writeNumberField("busy", server.busy());
    json.writeNumberField("waiting", server.waiting());
    json.writeNumberField("reclaimed", server.reclaimed());
    json.writeNumberField("exhausted", server.exhausted());
    json.writeEndObject();
  }

  private void write(HeldConnection held) throws IOException {
    json.writeStartObject();
    json.writeStringField("pool", held.pool());
    write("tenant", held.label());
    write("work", held.work());
    json.writeStringField("thread", held.thread());
    json.writeStringField("since", before(held.held()));
    json.writeArrayFieldStart("taken");
    for (StackTraceElement frame : held.taken()) {
      json.writeString(frame.toString());
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void write(String field, Optional<String> text) throws IOException {
    if (text.isPresent()) {
      json.writeStringField(field, text.get());
    } else {
      json.writeNullField(field);
    }
  }

  private String before(Duration duration) {
    Instant then = snapshot.taken().minus(duration);
    return TIME.format(then);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
