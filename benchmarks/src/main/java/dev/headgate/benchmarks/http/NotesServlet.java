package dev.headgate.benchmarks.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;

/**
 * The read and the write request of the example's servlet: the notes as JSON, and the target of the
 * form. It is the same one with the filter and without.
 */
final class NotesServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private static final JsonFactory JSON = new JsonFactory();
  private static final String FIELD = "text=";

  private final transient Notes notes;

  NotesServlet(Notes notes) {
    this.notes = notes;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    byte[] body;
    try {
      body = json(notes.first());
    } catch (SQLException e) {
      throw new ServletException(e);
    }
    response.setContentType("application/json");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    String form = new String(request.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    try {
      notes.add(URLDecoder.decode(form.substring(FIELD.length()), StandardCharsets.UTF_8));
    } catch (SQLException e) {
      throw new ServletException(e);
    }
    response.setStatus(HttpServletResponse.SC_SEE_OTHER);
    response.setHeader("Location", request.getContextPath() + "/");
  }

  private static byte[] json(List<Note> notes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartArray();
      for (Note note : notes) {
        json.writeStartObject();
        json.writeNumberField("id", note.id());
        json.writeStringField("text", note.text());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    return bytes.toByteArray();
  }
}
