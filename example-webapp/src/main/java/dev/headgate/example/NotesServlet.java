package dev.headgate.example;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/** {@code /notes}: the tenant's notes as JSON, and the target of its form. */
public final class NotesServlet extends MethodServlet {

  private static final long serialVersionUID = 1L;

  public NotesServlet() {
    super("GET", "HEAD", "POST");
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    try {
      Answer.json(response, Json.notes(Notes.of(getServletContext()).all()));
    } catch (SQLException e) {
      throw new ServletException(e);
    }
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    try {
      Optional<Failure> failure = Failure.named(Form.queryField(request, "fail"));
      String text = NoteText.of(Form.bodyField(request, "text"));
      Notes notes = Notes.of(getServletContext());
      if (failure.isEmpty()) {
        notes.add(text);
      } else {
        switch (failure.get()) {
          case AFTER_INSERT -> {
            notes.add(text);
            throw new IllegalStateException("fail=after-insert was asked for");
          }
          case STATUS -> {
            notes.add(text);
            Answer.text(
                response,
                HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                "fail=status was asked for: the note was inserted, and with this status it is"
                    + " rolled back.");
            return;
          }
          case SWALLOW -> notes.addAndSwallowDuplicate(text);
          case COMMIT -> notes.addAndBreakCommit(text);
        }
      }
      response.setStatus(HttpServletResponse.SC_SEE_OTHER);
      response.setHeader("Location", Site.of(request).home());
    } catch (BadRequestException e) {
      Answer.text(response, HttpServletResponse.SC_BAD_REQUEST, e.getMessage());
    } catch (SQLException e) {
      throw new ServletException(e);
    }
  }
}
