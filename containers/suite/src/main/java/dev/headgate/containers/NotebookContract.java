package dev.headgate.containers;

import java.io.IOException;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the example answers, for every way to deploy it. All tests of a way share one deployment, so
 * that they add notes to those of others.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("variants")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class NotebookContract {

  @Parameter private @Nullable Variant variant;
  private @Nullable Notebook notebook;

  protected abstract ServletContainer container();

  static Stream<Variant> variants() {
    return Variant.all();
  }

  @BeforeParameterizedClassInvocation
  void start() throws Exception {
    notebook = Notebook.started(container(), variant());
  }

  @AfterParameterizedClassInvocation
  void stop() throws IOException {
    notebook().close();
  }

  private Notebook notebook() {
    return Objects.requireNonNull(notebook);
  }

  private Variant variant() {
    return Objects.requireNonNull(variant);
  }

  @Nested
  class Pages extends PagesContract {
    @Override
    Notebook notebook() {
      return NotebookContract.this.notebook();
    }
  }

  @Nested
  class Tenants extends TenantsContract {
    @Override
    Notebook notebook() {
      return NotebookContract.this.notebook();
    }
  }

  @Nested
  class Notes extends NotesContract {
    @Override
    Notebook notebook() {
      return NotebookContract.this.notebook();
    }
  }

  @Nested
  class Escaping extends EscapingContract {
    @Override
    Notebook notebook() {
      return NotebookContract.this.notebook();
    }
  }

  @Nested
  class Failures extends FailuresContract {
    @Override
    Notebook notebook() {
      return NotebookContract.this.notebook();
    }

    @Override
    Storage storage() {
      return variant().storage();
    }
  }

  @Nested
  class Pools extends PoolsContract {
    @Override
    Notebook notebook() {
      return NotebookContract.this.notebook();
    }
  }
}
