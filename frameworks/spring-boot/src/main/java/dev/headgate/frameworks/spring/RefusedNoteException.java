package dev.headgate.frameworks.spring;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ResponseStatus;

@ResponseStatus(HttpStatus.CONFLICT)
final class RefusedNoteException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  RefusedNoteException(String text) {
    super("refused: " + text);
  }
}
