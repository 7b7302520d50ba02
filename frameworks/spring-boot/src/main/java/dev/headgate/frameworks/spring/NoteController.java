package dev.headgate.frameworks.spring;

import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class NoteController {

  private final Notes notes;
  private final Audit audit;

  NoteController(Notes notes, Audit audit) {
    this.notes = notes;
    this.audit = audit;
  }

  @GetMapping("/notes")
  List<String> notes() {
    return notes.all();
  }

  @GetMapping("/audit")
  List<String> audit() {
    return audit.all();
  }

  @PostMapping("/notes")
  @ResponseStatus(HttpStatus.CREATED)
  void add(@RequestBody String text) {
    notes.add(text);
  }

  @PostMapping("/notes/later")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void addLater(@RequestBody String text) {
    notes.addLater(text);
  }
}
