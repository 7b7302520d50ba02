package dev.headgate.frameworks.modules;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** A {@code pom.xml} as it is written. */
final class Pom {

  private final Path folder;
  private final Document document;

  private Pom(Path folder, Document document) {
    this.folder = folder;
    this.document = document;
  }

  static Pom in(Path folder) {
    try {
      return new Pom(
          folder,
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(folder.resolve("pom.xml").toFile()));
    } catch (IOException | ParserConfigurationException | SAXException e) {
      throw new IllegalStateException("no pom in " + folder.toAbsolutePath(), e);
    }
  }

  String artifactId() {
    return text(document, "/project/artifactId");
  }

  String version() {
    return text(document, "/project/version");
  }

  boolean isUnpublished() {
    return text(document, "/project/properties/maven.deploy.skip").equals("true");
  }

  List<Pom> modules() {
    return nodes("/project/modules/module").stream()
        .map(node -> in(folder.resolve(node.getTextContent())))
        .toList();
  }

  /** Returns the versions that others get by importing this. */
  Map<String, String> managed() {
    return versions("/project/dependencyManagement/dependencies/dependency");
  }

  Map<String, String> plugins() {
    return versions("/project/build/pluginManagement/plugins/plugin");
  }

  private Map<String, String> versions(String path) {
    Map<String, String> versions = new LinkedHashMap<>();
    for (Node node : nodes(path)) {
      versions.put(
          text(node, "artifactId"), text(node, "version").replace("${project.version}", version()));
    }
    return versions;
  }

  private List<Node> nodes(String path) {
    try {
      var list =
          (NodeList)
              XPathFactory.newInstance()
                  .newXPath()
                  .evaluate(path, document, XPathConstants.NODESET);
      List<Node> nodes = new ArrayList<>();
      for (int i = 0; i < list.getLength(); i++) {
        nodes.add(list.item(i));
      }
      return nodes;
    } catch (XPathExpressionException e) {
      throw new IllegalArgumentException(path, e);
    }
  }

  private static String text(Node node, String path) {
    try {
      return XPathFactory.newInstance().newXPath().evaluate(path, node);
    } catch (XPathExpressionException e) {
      throw new IllegalArgumentException(path, e);
    }
  }
}
