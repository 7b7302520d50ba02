package dev.headgate.containers.stage;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** What the servlet does for a trial, in each dispatch of its request. */
@FunctionalInterface
public interface Play {

  void on(Trial trial, HttpServletRequest request, HttpServletResponse response) throws Exception;
}
