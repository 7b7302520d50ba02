package dev.headgate.containers.jetty;

import org.eclipse.jetty.ee11.webapp.WebAppContext;

/**
 * A web application in Jetty's environment for Jakarta EE 11, without that name for who uses it.
 */
final class Application extends WebAppContext {}
