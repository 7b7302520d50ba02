package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class LeaseCountTest {

  private final LeaseCount count = new Leases();

  @Test
  void new_isOpenWithOneLease() {
    assertThat(count.phase()).isEqualTo(PoolPhase.OPEN);
    assertThat(count.leases()).isEqualTo(1);
  }

  @Test
  void tryAcquire_open_addsOneLease() {
    assertThat(count.tryAcquire()).isTrue();
    assertThat(count.leases()).isEqualTo(2);
  }

  @Test
  void tryAcquire_draining_refuses() {
    count.retire();
    assertThat(count.tryAcquire()).isFalse();
    assertThat(count.leases()).isEqualTo(1);
  }

  @Test
  void tryAcquire_closed_refuses() {
    close();
    assertThat(count.tryAcquire()).isFalse();
    assertThat(count.phase()).isEqualTo(PoolPhase.CLOSED);
  }

  @Test
  void release_lastOfAnOpenPool_leavesItOpen() {
    assertThat(count.release()).isFalse();
    assertThat(count.phase()).isEqualTo(PoolPhase.OPEN);
    assertThat(count.leases()).isZero();
  }

  @Test
  void release_lastButOneOfADrainingPool_leavesItDraining() {
    count.tryAcquire();
    count.retire();
    assertThat(count.release()).isFalse();
    assertThat(count.phase()).isEqualTo(PoolPhase.DRAINING);
  }

  @Test
  void release_lastOfADrainingPool_closesIt() {
    count.retire();
    assertThat(count.release()).isTrue();
    assertThat(count.phase()).isEqualTo(PoolPhase.CLOSED);
    assertThat(count.leases()).isZero();
  }

  @Test
  void release_withoutALease_isRefused() {
    count.release();
    assertThatThrownBy(count::release).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void release_closed_isRefused() {
    close();
    assertThatThrownBy(count::release).isInstanceOf(IllegalStateException.class);
    assertThat(count.phase()).isEqualTo(PoolPhase.CLOSED);
  }

  @Test
  void tryClose_unleased_closes() {
    count.release();
    assertThat(count.tryClose()).isTrue();
    assertThat(count.phase()).isEqualTo(PoolPhase.CLOSED);
  }

  @Test
  void tryClose_leased_refuses() {
    assertThat(count.tryClose()).isFalse();
    assertThat(count.phase()).isEqualTo(PoolPhase.OPEN);
  }

  @Test
  void tryClose_draining_refuses() {
    count.retire();
    assertThat(count.tryClose()).isFalse();
    assertThat(count.phase()).isEqualTo(PoolPhase.DRAINING);
  }

  @Test
  void tryClose_closed_refuses() {
    close();
    assertThat(count.tryClose()).isFalse();
  }

  @Test
  void retire_leased_drains() {
    assertThat(count.retire()).isEqualTo(PoolPhase.DRAINING);
    assertThat(count.phase()).isEqualTo(PoolPhase.DRAINING);
    assertThat(count.leases()).isEqualTo(1);
  }

  @Test
  void retire_unleased_closes() {
    count.release();
    assertThat(count.retire()).isEqualTo(PoolPhase.CLOSED);
    assertThat(count.phase()).isEqualTo(PoolPhase.CLOSED);
  }

  @Test
  void retire_again_changesNothing() {
    count.retire();
    assertThat(count.retire()).isEqualTo(PoolPhase.DRAINING);
    assertThat(count.leases()).isEqualTo(1);
  }

  @Test
  void tryJoin_draining_addsALease_andItGoesOnDraining() {
    count.retire();
    assertThat(count.tryJoin()).isTrue();
    assertThat(count.phase()).isEqualTo(PoolPhase.DRAINING);
    assertThat(count.release()).isFalse();
    assertThat(count.release()).isTrue();
  }

  @Test
  void tryJoin_openOrClosed_refuses() {
    assertThat(count.tryJoin()).isFalse();
    close();
    assertThat(count.tryJoin()).isFalse();
    assertThat(count.leases()).isZero();
  }

  @Test
  void tryRevive_draining_opensWithOneLeaseMore() {
    count.retire();
    assertThat(count.tryRevive()).isTrue();
    assertThat(count.phase()).isEqualTo(PoolPhase.OPEN);
    assertThat(count.leases()).isEqualTo(2);
  }

  @Test
  void tryRevive_open_refuses() {
    assertThat(count.tryRevive()).isFalse();
    assertThat(count.leases()).isEqualTo(1);
  }

  @Test
  void tryRevive_closed_refuses() {
    close();
    assertThat(count.tryRevive()).isFalse();
    assertThat(count.phase()).isEqualTo(PoolPhase.CLOSED);
  }

  private void close() {
    count.release();
    count.retire();
  }
}
