package dev.headgate.example;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.owasp.encoder.Encode;

/** The pages in HTML. What comes from outside is escaped where it is put in. */
final class Pages {

  private static final List<String> TENANTS = List.of("acme", "globex", "initech");

  private static final String STYLE =
      """
      :root {
        color-scheme: light dark;
        --paper: #faf9f6; --card: #ffffff; --ink: #1f2328; --soft: #5c6470; --line: #dcdad3;
        --on-accent: #ffffff;
      }
      :root, .tenants li { --accent: hsl(var(--hue) 62% 30%); --tint: hsl(var(--hue) 45% 94%); }
      @media (prefers-color-scheme: dark) {
        :root {
          --paper: #15171a; --card: #1d2024; --ink: #e7e5df; --soft: #a0a7b1; --line: #353a41;
          --on-accent: #15171a;
        }
        :root, .tenants li { --accent: hsl(var(--hue) 60% 68%); --tint: hsl(var(--hue) 25% 19%); }
      }
      * { box-sizing: border-box; }
      body {
        margin: 0; background: var(--paper); color: var(--ink);
        font: 1rem/1.55 system-ui, sans-serif; border-top: .35rem solid var(--accent);
      }
      main { max-width: 42rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
      nav { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; font-size: .95rem; }
      nav [aria-current] { color: var(--ink); font-weight: 600; text-decoration: none; }
      h1 { margin: 2rem 0 .25rem; font-size: 2rem; line-height: 1.2; letter-spacing: -.02em; }
      h2 { margin: 2.25rem 0 .75rem; font-size: 1.15rem; }
      p { margin: .5rem 0; }
      a { color: var(--accent); text-underline-offset: .2em; }
      code { font-family: ui-monospace, monospace; font-size: .92em; overflow-wrap: anywhere; }
      .lead { color: var(--soft); font-size: 1.08rem; }
      .hint { color: var(--soft); font-size: .92rem; }
      .card {
        background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
        padding: 1.1rem 1.25rem; margin-top: 1.5rem;
      }
      label { display: block; font-weight: 600; margin-bottom: .4rem; }
      input {
        width: 100%; padding: .6rem .75rem; font: inherit; color: inherit;
        background: var(--paper); border: 1px solid var(--soft); border-radius: .5rem;
      }
      button {
        padding: .55rem 1rem; font: inherit; font-weight: 600; cursor: pointer;
        border: 1px solid var(--accent); border-radius: .5rem;
        background: var(--accent); color: var(--on-accent);
      }
      button.second { background: transparent; color: var(--accent); }
      button:hover { filter: brightness(1.1); }
      :focus-visible { outline: .18rem solid var(--accent); outline-offset: .15rem; }
      .buttons { display: flex; flex-wrap: wrap; gap: .6rem; margin: .8rem 0 .6rem; }
      ol, ul { list-style: none; margin: 0; padding: 0; }
      .notes li { display: flex; gap: 1rem; padding: .7rem 0; border-bottom: 1px solid var(--line); }
      .notes .id { color: var(--soft); min-width: 2ch; text-align: right; flex: none; }
      .notes .text { white-space: pre-wrap; overflow-wrap: anywhere; min-width: 0; }
      .tenants {
        display: grid; gap: .75rem; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr));
      }
      .tenants a {
        display: block; padding: 1rem 1.1rem; border-radius: .75rem; text-decoration: none;
        background: var(--tint); border: 1px solid var(--line);
      }
      .tenants a:hover { border-color: var(--accent); }
      .tenants strong { display: block; font-size: 1.15rem; color: var(--accent); }
      .tenants span { color: var(--soft); font-size: .88rem; overflow-wrap: anywhere; }
      .how li { padding: .45rem 0 .45rem 1.4rem; position: relative; }
      .how li::before { content: "→"; position: absolute; left: 0; color: var(--accent); }
      """;

  private Pages() {}

  /** What this is, and where the tenants are. */
  static String landing(Site site) {
    String tenants =
        TENANTS.stream()
            .map(
                tenant ->
                    """
                      <li style="--hue: %s"><a href="%s"><strong>%s</strong><span>%s</span></a></li>
                    """
                        .formatted(
                            hue(tenant),
                            Encode.forHtmlAttribute(site.notebook(tenant)),
                            title(tenant),
                            tenant + ".localhost"))
            .collect(Collectors.joining());
    return page(
        "Headgate example",
        "headgate",
        """
        <h1>One notebook, three databases</h1>
        <p class="lead">A small web application in one process. Its tenants share the code and
        nothing else: each one has a database of its own.</p>

        <h2>Open a notebook</h2>
        <ul class="tenants">
        %s</ul>

        <h2>What to look at</h2>
        <ul class="how">
          <li>The name before <code>.localhost</code> says whose request it is. Headgate resolves it,
            and <code>dataSource.getConnection()</code> leads to that tenant's database. No line of
            the application names a tenant.</li>
          <li>A request is one unit of work: it is committed before the browser hears that all went
            well, or rolled back if anything failed. Each notebook has a button to try that.</li>
          <li>Pools of connections are made on first use: <a href="%s">pools</a> draws those that are
            there now, second by second.</li>
        </ul>
        <p class="hint">Browsers know that <code>*.localhost</code> is this machine. Other clients
        can name the tenant in a header:<br>
        <code>curl -H 'Host: acme.localhost' %s</code></p>
        """
            .formatted(
                tenants,
                Encode.forHtmlAttribute(site.contextPath() + "/pools"),
                Encode.forHtml(site.landing() + "notes")));
  }

  /** The pools as a picture that refreshes itself. */
  static String pools() throws IOException {
    try (InputStream page = Objects.requireNonNull(Pages.class.getResourceAsStream("pools.html"))) {
      return new String(page.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** A tenant's notes, and the form for a new one. */
  static String notebook(Site site, String tenant, List<Note> notes) {
    String list =
        notes.stream()
            .map(
                note ->
                    """
                      <li><span class="id">%s</span><span class="text">%s</span></li>
                    """
                        .formatted(note.id(), Encode.forHtml(note.text())))
            .collect(Collectors.joining());
    return page(
        title(tenant) + " · notebook",
        tenant,
        """
        %s<h1>%s</h1>
        <p class="lead">The notes in this tenant's own database.</p>

        <form class="card" method="post" action="%s">
          <label for="text">New note</label>
          <input id="text" name="text" required maxlength="%s" autocomplete="off" autofocus
            aria-describedby="hint">
          <div class="buttons">
            <button>Add note</button>
            <button class="second" formaction="%s">Add, then fail</button>
          </div>
          <p class="hint" id="hint"><em>Add, then fail</em> inserts the note and throws an exception
          after that. The request answers 500, and the note is not there: it was rolled back.</p>
        </form>

        <h2>%s</h2>
        <ol class="notes">
        %s</ol>
        """
            .formatted(
                navigation(site, tenant),
                Encode.forHtml(title(tenant)),
                Encode.forHtmlAttribute(site.notes()),
                NoteText.MAXIMUM,
                Encode.forHtmlAttribute(site.notes() + "?fail=after-insert"),
                count(notes.size()),
                list));
  }

  /**
   * Why there is nothing else to show.
   *
   * @param message what the one who refused the request says about it; may be empty
   */
  static String error(Site site, int status, String message) {
    boolean refused = status < 500;
    String title =
        switch (status) {
          case 400 -> "That is no notebook";
          case 404 -> "Not found";
          case 503 -> "Not available at the moment";
          default -> refused ? "Refused" : "The request failed";
        };
    String text =
        refused || status == 503
            ? message
            : "An exception rolls back all that the request has done in the database: a note that it"
                + " was to add is not there.";
    String back =
        refused
            ? ""
            : """
              <p><a href="%s">Back to the notebook</a></p>
              """
                .formatted(Encode.forHtmlAttribute(site.home()));
    return page(
        title,
        "headgate",
        """
        <h1>%s</h1>
        <p class="lead">%s</p>
        <p class="hint">Status %s</p>
        %s<p><a href="%s">All notebooks</a></p>
        """
            .formatted(
                title,
                Encode.forHtml(text),
                status,
                back,
                Encode.forHtmlAttribute(site.landing())));
  }

  private static String navigation(Site site, String current) {
    String links =
        TENANTS.stream()
            .map(
                tenant ->
                    """
                      <a href="%s"%s>%s</a>
                    """
                        .formatted(
                            Encode.forHtmlAttribute(site.notebook(tenant)),
                            tenant.equals(current) ? " aria-current=\"page\"" : "",
                            title(tenant)))
            .collect(Collectors.joining());
    return """
        <nav aria-label="Notebooks">
          <a href="%s">All notebooks</a>
        %s</nav>
        """
        .formatted(Encode.forHtmlAttribute(site.landing()), links);
  }

  private static String page(String title, String colour, String content) {
    return """
        <!DOCTYPE html>
        <html lang="en" style="--hue: %s">
        <head>
        <meta charset="UTF-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        <main>
        %s</main>
        </body>
        </html>
        """
        .formatted(hue(colour), Encode.forHtml(title), STYLE, content);
  }

  private static String count(int notes) {
    return switch (notes) {
      case 0 -> "No notes yet";
      case 1 -> "1 note";
      default -> notes + " notes";
    };
  }

  private static String title(String tenant) {
    return tenant.substring(0, 1).toUpperCase(Locale.ROOT) + tenant.substring(1);
  }

  /** Gives each tenant a colour of its own, so that it shows whose notebook is open. */
  private static int hue(String tenant) {
    return switch (tenant) {
      case "acme" -> 174;
      case "globex" -> 266;
      case "initech" -> 22;
      default -> 212;
    };
  }
}
