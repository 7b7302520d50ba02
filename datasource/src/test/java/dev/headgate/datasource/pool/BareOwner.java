package dev.headgate.datasource.pool;

/** The owner of seats that are not of a pool: never used, and silent. */
class BareOwner implements Seats.Owner {

  @Override
  public long lastUsed() {
    return 0;
  }

  @Override
  public void tell(PoolEvent.Kind kind) {}

  @Override
  public void standDown() {}

  @Override
  public boolean mayConnect() {
    return true;
  }

  @Override
  public void notValid(long asked) {}
}
