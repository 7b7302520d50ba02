package dev.headgate.example;

import jakarta.servlet.http.HttpServletRequest;

/**
 * The address at which a client sees this application, for links.
 *
 * @param scheme {@code http} or {@code https}
 * @param port the port
 * @param contextPath where the application is mounted, empty for the root
 */
record Site(String scheme, int port, String contextPath) {

  static Site of(HttpServletRequest request) {
    return new Site(request.getScheme(), request.getServerPort(), request.getContextPath());
  }

  /** Returns the address of the landing page. */
  String landing() {
    return page("localhost");
  }

  /** Returns the address of a tenant's notebook. */
  String notebook(String tenant) {
    return page(tenant + ".localhost");
  }

  /** Returns the page {@code /} of the host that the client is at. */
  String home() {
    return contextPath + "/";
  }

  /** Returns the target of the form, on the host that the client is at. */
  String notes() {
    return contextPath + "/notes";
  }

  private String page(String host) {
    boolean usual = port == (scheme.equals("https") ? 443 : 80);
    return scheme + "://" + host + (usual ? "" : ":" + port) + contextPath + "/";
  }
}
