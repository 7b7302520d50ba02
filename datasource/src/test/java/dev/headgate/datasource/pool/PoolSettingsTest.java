package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PoolSettingsTest {

  private static final PoolSettings DEFAULTS = PoolSettings.defaults();

  @Test
  void defaults_areTheDocumentedOnes() {
    assertThat(DEFAULTS)
        .isEqualTo(
            new PoolSettings(
                10,
                4,
                Duration.ofSeconds(3),
                Duration.ofSeconds(2),
                Duration.ofMinutes(5),
                Duration.ofMinutes(1),
                Duration.ofMinutes(30),
                Reset.TENANT));
  }

  @Test
  void maximumSize_belowOne_isRefusedWithTheValue() {
    assertRefused(() -> DEFAULTS.withMaximumSize(0))
        .hasMessage("maximum size 0: a pool needs at least one connection");
  }

  @Test
  void waitingPerConnection_isAMultipleOfTheSize() {
    assertThat(DEFAULTS.maximumWaiting()).isEqualTo(40);
    assertThat(DEFAULTS.withMaximumSize(3).withWaitingPerConnection(2).maximumWaiting())
        .isEqualTo(6);
    assertThat(DEFAULTS.withMaximumSize(Integer.MAX_VALUE).maximumWaiting())
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void waitingPerConnection_belowZero_isRefusedWithTheValue() {
    assertThat(DEFAULTS.withWaitingPerConnection(0).maximumWaiting()).isZero();
    assertRefused(() -> DEFAULTS.withWaitingPerConnection(-1))
        .hasMessage("waiting per connection -1: it can't be negative");
  }

  @Test
  void maximumSize_one_isAccepted() {
    assertThat(DEFAULTS.withMaximumSize(1).maximumSize()).isEqualTo(1);
  }

  @Test
  void borrowTimeout_belowItsBound_isRefusedWithValueAndBound() {
    assertRefused(() -> DEFAULTS.withBorrowTimeout(Duration.ofMillis(249)))
        .hasMessageContainingAll("borrow timeout PT0.249S", "PT0.25S");
  }

  @Test
  void borrowTimeout_zero_isRefused() {
    assertRefused(() -> DEFAULTS.withBorrowTimeout(Duration.ZERO));
  }

  @Test
  void borrowTimeout_negative_isRefused() {
    assertRefused(() -> DEFAULTS.withBorrowTimeout(Duration.ofSeconds(-1)));
  }

  @Test
  void borrowTimeout_atItsBound_isAccepted() {
    assertThat(DEFAULTS.withBorrowTimeout(Duration.ofMillis(250)).borrowTimeout())
        .isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void borrowTimeout_longerThanAnIntOfMilliseconds_isRefused() {
    assertRefused(() -> DEFAULTS.withBorrowTimeout(Duration.ofDays(25)))
        .hasMessageContainingAll("borrow timeout PT600H", "PT596H31M23.647S");
  }

  @Test
  void borrowTimeout_null_isRefused() {
    assertThatThrownBy(() -> DEFAULTS.withBorrowTimeout(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("borrow timeout");
  }

  @Test
  void connectTimeout_belowItsBound_isRefusedWithValueAndBound() {
    assertRefused(() -> DEFAULTS.withConnectTimeout(Duration.ofMillis(249)))
        .hasMessageContainingAll("connect timeout PT0.249S", "PT0.25S");
  }

  @Test
  void socketTimeout_belowItsBound_isRefusedWithValueAndBound() {
    assertRefused(() -> DEFAULTS.withSocketTimeout(Duration.ofMillis(999)))
        .hasMessageContainingAll("socket timeout PT0.999S", "PT1S");
  }

  @Test
  void each_canBeChangedAlone() {
    assertThat(
            DEFAULTS
                .withConnectTimeout(Duration.ofSeconds(7))
                .withSocketTimeout(Duration.ofSeconds(8)))
        .isEqualTo(DEFAULTS.with(Map.of("connect-timeout", "PT7S", "socket-timeout", "PT8S")))
        .isNotEqualTo(DEFAULTS);
  }

  @Test
  void idleTimeout_belowItsBound_isRefusedWithValueAndBound() {
    assertRefused(() -> DEFAULTS.withIdleTimeout(Duration.ofMillis(9_999)))
        .hasMessageContainingAll("idle timeout PT9.999S", "PT10S");
  }

  @Test
  void maximumLifetime_belowItsBound_isRefusedWithValueAndBound() {
    assertRefused(() -> DEFAULTS.withMaximumLifetime(Duration.ofMillis(29_999)))
        .hasMessageContainingAll("maximum lifetime PT29.999S", "PT30S");
  }

  @Test
  void idleTimeout_closeToTheLifetime_isRefusedWithBoth() {
    assertRefused(() -> settings(Duration.ofSeconds(59), Duration.ofMinutes(1)))
        .hasMessageContainingAll("idle timeout PT59S", "maximum lifetime PT1M");
  }

  @Test
  void idleTimeout_moreThanASecondBelowTheLifetime_isAccepted() {
    assertThatCode(() -> settings(Duration.ofMillis(58_999), Duration.ofMinutes(1)))
        .doesNotThrowAnyException();
  }

  @Test
  void with_texts_replacesWhatTheyName() {
    PoolSettings settings =
        DEFAULTS.with(
            Map.of(
                "maximum-size", "3",
                "borrow-timeout", "PT0.5S",
                "connect-timeout", "PT0.75S",
                "waiting-per-connection", "2",
                "socket-timeout", "PT1M",
                "idle-timeout", "PT20S",
                "maximum-lifetime", "PT5M",
                "reset", "always"));

    assertThat(settings)
        .isEqualTo(
            new PoolSettings(
                3,
                2,
                Duration.ofMillis(500),
                Duration.ofMillis(750),
                Duration.ofMinutes(1),
                Duration.ofSeconds(20),
                Duration.ofMinutes(5),
                Reset.ALWAYS));
  }

  @Test
  void with_noText_changesNothing() {
    assertThat(DEFAULTS.with(Map.of())).isEqualTo(DEFAULTS);
  }

  @Test
  void with_someTexts_keepsTheRest() {
    assertThat(DEFAULTS.withMaximumSize(7).with(Map.of("idle-timeout", "PT20S")))
        .isEqualTo(DEFAULTS.withMaximumSize(7).withIdleTimeout(Duration.ofSeconds(20)));
  }

  @Test
  void with_twoTextsThatOnlyFitTogether_acceptsThem() {
    PoolSettings settings =
        DEFAULTS.with(Map.of("idle-timeout", "PT2H", "maximum-lifetime", "PT3H"));

    assertThat(settings.idleTimeout()).isEqualTo(Duration.ofHours(2));
  }

  @Test
  void with_anUnknownName_namesItAndThoseThatThereAre() {
    assertRefused(() -> DEFAULTS.with(Map.of("max-size", "3")))
        .hasMessageContainingAll(
            "max-size",
            "maximum-size",
            "borrow-timeout",
            "connect-timeout",
            "socket-timeout",
            "idle-timeout",
            "maximum-lifetime",
            "reset");
  }

  @Test
  void with_aSizeThatIsNoNumber_namesSettingAndText() {
    assertRefused(() -> DEFAULTS.with(Map.of("maximum-size", "ten")))
        .hasMessage("maximum-size ten: not a whole number");
  }

  @Test
  void with_aDurationThatIsNone_namesSettingAndText() {
    assertRefused(() -> DEFAULTS.with(Map.of("borrow-timeout", "3s")))
        .hasMessage("borrow-timeout 3s: not a duration as in ISO 8601, such as PT3S");
  }

  @Test
  void with_aResetThatIsNone_namesThoseThatThereAre() {
    assertRefused(() -> DEFAULTS.with(Map.of("reset", "never")))
        .hasMessage("reset never: it has to be tenant, always or schema");
  }

  @Test
  void with_aValueOutOfItsBounds_isRefused() {
    assertRefused(() -> DEFAULTS.with(Map.of("borrow-timeout", "PT0.1S")))
        .hasMessageContaining("borrow timeout PT0.1S");
  }

  private static PoolSettings settings(Duration idleTimeout, Duration maximumLifetime) {
    return new PoolSettings(
        1,
        4,
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        idleTimeout,
        maximumLifetime,
        Reset.TENANT);
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      ThrowingCallable call) {
    return assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "maximum-size, 7",
    "waiting-per-connection, 7",
    "borrow-timeout, PT7S",
    "connect-timeout, PT7S",
    "socket-timeout, PT7S",
    "idle-timeout, PT17S",
    "maximum-lifetime, PT7M",
    "reset, schema"
  })
  void differentInOneSetting_isNotEqual(String setting, String value) {
    PoolSettings other = DEFAULTS.with(Map.of(setting, value));
    assertThat(other).isNotEqualTo(DEFAULTS);
    assertThat(other)
        .isEqualTo(DEFAULTS.with(Map.of(setting, value)))
        .hasSameHashCodeAs(DEFAULTS.with(Map.of(setting, value)));
  }
}
