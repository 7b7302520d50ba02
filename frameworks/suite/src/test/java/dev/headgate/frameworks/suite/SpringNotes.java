package dev.headgate.frameworks.suite;

import java.util.List;
import java.util.function.Consumer;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** A service with transactions by Spring's annotation, whatever it stores with. */
class SpringNotes {

  /** What it stores with. */
  interface Store {
    void add(String body);

    List<String> bodies();

    void changeAll();

    void stream(Consumer<String> each);

    long number(String sql);
  }

  private final Store store;

  SpringNotes(Store store) {
    this.store = store;
  }

  // snippet
  @Transactional
  public void add(String body) {
    store.add(body);
  }

  @Transactional(propagation = Propagation.REQUIRES_NEW)
  public void addOnItsOwn(String body) {
    store.add(body);
  }

  @Transactional(propagation = Propagation.NESTED)
  public void addNested(String body) {
    store.add(body);
  }

  // end of snippet

  @Transactional
  public void addAndFail(String body) {
    store.add(body);
    throw new OnPurpose();
  }

  @Transactional(propagation = Propagation.REQUIRES_NEW)
  public void addOnItsOwnAndFail(String body) {
    store.add(body);
    throw new OnPurpose();
  }

  @Transactional(propagation = Propagation.NESTED)
  public void addNestedAndFail(String body) {
    store.add(body);
    throw new OnPurpose();
  }

  @Transactional(readOnly = true)
  public List<String> bodies() {
    return store.bodies();
  }

  @Transactional
  public void changeAll() {
    store.changeAll();
  }

  @Transactional(readOnly = true)
  public void stream(Consumer<String> each) {
    store.stream(each);
  }

  @Transactional(readOnly = true)
  public long number(String sql) {
    return store.number(sql);
  }

  @Transactional
  public void around(Runnable work) {
    work.run();
  }
}
