package dev.headgate.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailureTest {

  @Test
  void named_findsIt() throws Exception {
    assertThat(Failure.named(Optional.of("after-insert"))).contains(Failure.AFTER_INSERT);
    assertThat(Failure.named(Optional.of("status"))).contains(Failure.STATUS);
    assertThat(Failure.named(Optional.of("swallow"))).contains(Failure.SWALLOW);
    assertThat(Failure.named(Optional.of("commit"))).contains(Failure.COMMIT);
  }

  @Test
  void named_notAskedFor_isNone() throws Exception {
    assertThat(Failure.named(Optional.empty())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "none", "STATUS", "AFTER_INSERT", " status"})
  void named_unknown_isRefusedWithTheNames(String name) {
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() -> Failure.named(Optional.of(name)))
        .withMessageContaining("after-insert, status, swallow, commit");
  }
}
