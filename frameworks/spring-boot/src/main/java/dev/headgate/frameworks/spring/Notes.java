package dev.headgate.frameworks.spring;

import java.util.List;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** As in any application with one database: there is nothing of tenants in it. */
@Service
class Notes {

  private final NoteRepository repository;
  private final Audit audit;

  Notes(NoteRepository repository, Audit audit) {
    this.repository = repository;
    this.audit = audit;
  }

  @Transactional
  public void add(String text) {
    repository.saveAndFlush(new Note(text));
    audit.record(text);
    if (text.startsWith("!")) {
      throw new RefusedNoteException(text);
    }
  }

  @Async
  @Transactional
  public void addLater(String text) {
    repository.save(new Note(text));
  }

  public List<String> all() {
    return repository.findAll().stream().map(Note::text).toList();
  }
}
