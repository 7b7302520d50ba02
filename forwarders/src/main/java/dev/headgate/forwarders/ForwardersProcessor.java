package dev.headgate.forwarders;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.TypeParameterElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/**
 * Writes the classes that forward each method of a JDBC interface, while the data source module is
 * compiled. The methods are those of the Java release that it is compiled for, whichever JDK does
 * it.
 *
 * <p>A forwarded call looks like this:
 *
 * <pre>{@code
 * Statement target = working();                    // open() where nothing is sent to the database
 * try {
 *   return wrapResult(target.executeQuery(a), this);
 * } catch (SQLException | RuntimeException | Error failure) {
 *   noticed(failure);
 *   throw failure;
 * } finally {
 *   done();                                        // not after open()
 * }
 * }</pre>
 *
 * The hooks stand in the handwritten superclasses; what needs more than the hooks is written by
 * hand in a superclass (the names in {@link #HANDWRITTEN}) or in a subclass that overrides it.
 */
@SupportedAnnotationTypes("*")
public final class ForwardersProcessor extends AbstractProcessor {

  /** Methods that the superclasses of the generated classes have. */
  private static final Set<String> HANDWRITTEN =
      Set.of(
          "unwrap",
          "isWrapperFor",
          "cancel",
          "close",
          "isClosed",
          "getConnection",
          "getStatement",
          "setClientInfo");

  /** JDBC objects that talk to the database by themselves and so get a handle too. */
  private static final Set<String> HANDLED =
      Set.of("Array", "Blob", "Clob", "NClob", "SQLXML", "Ref", "Object");

  /** Ways into or out of a large object on which failures show as an IOException, if at all. */
  private static final Set<String> STREAMS =
      Set.of("InputStream", "OutputStream", "Reader", "Writer", "Source", "Result");

  /** Methods of a connection for which drivers send a statement. */
  private static final Set<String> SENDING =
      Set.of(
          "getSchema",
          "setSchema",
          "getCatalog",
          "setCatalog",
          "isValid",
          "setAutoCommit",
          "commit",
          "rollback",
          "setSavepoint",
          "releaseSavepoint",
          "setReadOnly",
          "setTransactionIsolation");

  private static final String ANNOTATIONS =
      "@NullUnmarked\n@SuppressWarnings({\"deprecation\", \"overloads\"})\n";

  private boolean written;

  private enum Hook {
    /** Nothing is sent to the database. */
    OPEN("open()"),
    /** A statement may be sent to the database. */
    WORKING("working()"),
    /** Work may be done whose failures are not seen. */
    UNOBSERVED("unobserved()");

    final String call;

    Hook(String call) {
      this.call = call;
    }
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latest();
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    if (!written) {
      written = true;
      try {
        writeAll();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return false;
  }

  private void writeAll() throws IOException {
    plain("pool", "ForwardingConnection", "Connection");
    hooked("ForwardingConnectionHandle", "", "HandleHooks", "Connection", "Connection");
    hooked("StatementHandle", "<D extends Statement>", "StatementPart<D>", "Statement", "D");
    hooked(
        "PreparedStatementHandle",
        "<D extends PreparedStatement>",
        "StatementHandle<D>",
        "PreparedStatement",
        "D");
    hooked(
        "CallableStatementHandle",
        "",
        "PreparedStatementHandle<CallableStatement>",
        "CallableStatement",
        "CallableStatement");
    hooked("ResultSetHandle", "", "ResultSetPart", "ResultSet", "ResultSet");
    hooked(
        "MetaDataHandle",
        "",
        "WrapperPart<DatabaseMetaData>",
        "DatabaseMetaData",
        "DatabaseMetaData");
    hooked("ArrayHandle", "", "Part<Array>", "Array", "Array");
    hooked("BlobHandle", "", "Part<Blob>", "Blob", "Blob");
    hooked("ClobHandle", "<D extends Clob>", "Part<D>", "Clob", "D");
    hooked("NClobHandle", "", "ClobHandle<NClob>", "NClob", "NClob");
    hooked("SqlXmlHandle", "", "Part<SQLXML>", "SQLXML", "SQLXML");
    hooked("RefHandle", "", "Part<Ref>", "Ref", "Ref");
  }

  /** A class that only forwards. */
  private void plain(String subpackage, String name, String jdbcType) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("/** Forwards every call. Generated. */\n")
        .append(ANNOTATIONS)
        .append("abstract class %s implements %s {\n\n".formatted(name, jdbcType))
        .append("  %s delegate;\n\n".formatted(jdbcType))
        .append(
            "  %s(%s delegate) {\n    this.delegate = delegate;\n  }\n".formatted(name, jdbcType));
    List<ExecutableElement> all = ElementFilter.methodsIn(elements().getAllMembers(type(jdbcType)));
    for (ExecutableElement method : all) {
      if (isForwarded(method) && !Set.of("unwrap", "isWrapperFor").contains(name(method))) {
        text.append(signature(method)).append("    ");
        text.append(isVoid(method) ? "" : "return ");
        text.append("delegate.%s(%s);\n  }\n".formatted(name(method), arguments(method, false)));
      }
    }
    write(subpackage, name, text);
  }

  /** A class that forwards with the hooks of its superclass. */
  private void hooked(
      String name, String typeParameters, String superclass, String jdbcType, String target)
      throws IOException {
    boolean isAbstract = jdbcType.equals("Connection");
    String simple = superclass.endsWith("HandleHooks") ? "" : "ConnectionHandle connection, ";
    String pass = simple.isEmpty() ? "" : "connection, ";
    StringBuilder text = new StringBuilder();
    text.append("/** Forwards every call that its superclass doesn't answer. Generated. */\n")
        .append(ANNOTATIONS)
        .append(isAbstract ? "abstract " : "")
        .append(
            "class %s%s extends %s implements %s {\n\n"
                .formatted(name, typeParameters, superclass, jdbcType));
    if (jdbcType.equals("ResultSet")) {
      text.append(
              "  %s(ConnectionHandle connection, %s delegate, @Nullable Statement statement) {\n"
                  .formatted(name, target))
          .append("    super(connection, delegate, statement);\n  }\n");
    } else if (!isAbstract) {
      text.append(
          "  %s(%s%s delegate) {\n    super(%sdelegate);\n  }\n"
              .formatted(name, simple, target, pass));
    }
    for (ExecutableElement method : ElementFilter.methodsIn(type(jdbcType).getEnclosedElements())) {
      if (isForwarded(method) && !HANDWRITTEN.contains(name(method))) {
        text.append(forwarding(jdbcType, target, method));
      }
    }
    write("", name, text);
  }

  private String forwarding(String jdbcType, String target, ExecutableElement method) {
    String call = "target.%s(%s)".formatted(name(method), arguments(method, true));
    String body = isVoid(method) ? call : "return " + wrapped(jdbcType, method, call);
    boolean checked =
        method.getThrownTypes().stream().anyMatch(t -> simpleName(t).equals("SQLException"));
    Hook hook = hook(jdbcType, method);
    return signature(method)
        + "    %s target = %s;\n".formatted(target, checked ? hook.call : "delegate")
        + "    try {\n      %s;\n".formatted(body)
        + "    } catch (%s failure) {\n".formatted(failures(method, checked))
        + "      noticed(failure);\n      throw failure;\n"
        + (checked && hook != Hook.OPEN ? "    } finally {\n      done();\n" : "")
        + "    }\n  }\n";
  }

  private static String failures(ExecutableElement method, boolean checked) {
    String thrown = checked ? "SQLException" : "";
    for (TypeMirror type : method.getThrownTypes()) {
      if (!checked) {
        thrown = simpleName(type);
      }
    }
    return (thrown.isEmpty() ? "" : thrown + " | ") + "RuntimeException | Error";
  }

  private static Hook hook(String jdbcType, ExecutableElement method) {
    String name = name(method);
    boolean streams = STREAMS.contains(simpleName(method.getReturnType()));
    return switch (jdbcType) {
      case "Statement", "PreparedStatement", "CallableStatement" ->
          name.startsWith("execute") || name.endsWith("MetaData") ? Hook.WORKING : Hook.OPEN;
      case "ResultSet" ->
          name.endsWith("Row")
                  && Set.of("insertRow", "updateRow", "deleteRow", "refreshRow").contains(name)
              ? Hook.WORKING
              : Hook.OPEN;
      case "Connection" -> SENDING.contains(name) ? Hook.WORKING : Hook.OPEN;
      // What is no result is known to the driver, or HikariCP's own rollback ends what it began.
      case "DatabaseMetaData" ->
          simpleName(method.getReturnType()).equals("ResultSet") ? Hook.WORKING : Hook.OPEN;
      default -> name.equals("free") ? Hook.OPEN : streams ? Hook.UNOBSERVED : Hook.WORKING;
    };
  }

  private static String wrapped(String jdbcType, ExecutableElement method, String call) {
    TypeMirror type = method.getReturnType();
    if (type.getKind() == TypeKind.TYPEVAR) {
      return "wrapAs(%s, %s)".formatted(call, classParameter(method));
    }
    String statement = jdbcType.endsWith("Statement") ? "this" : "null";
    return switch (simpleName(type)) {
      case "ResultSet" -> "wrapResult(%s, %s)".formatted(call, statement);
      case "Statement", "PreparedStatement", "CallableStatement", "DatabaseMetaData" ->
          "wrap(%s)".formatted(call);
      default -> HANDLED.contains(simpleName(type)) ? "wrap(%s)".formatted(call) : call;
    };
  }

  private static String classParameter(ExecutableElement method) {
    for (VariableElement parameter : method.getParameters()) {
      if (simpleName(parameter.asType()).startsWith("Class")) {
        return letter(method, parameter);
      }
    }
    throw new IllegalStateException("no class parameter: " + method);
  }

  private static String letter(ExecutableElement method, VariableElement parameter) {
    return String.valueOf((char) ('a' + method.getParameters().indexOf(parameter)));
  }

  private static String arguments(ExecutableElement method, boolean raw) {
    StringJoiner all = new StringJoiner(", ");
    for (VariableElement parameter : method.getParameters()) {
      String letter = letter(method, parameter);
      String type = simpleName(parameter.asType());
      all.add(!raw || !HANDLED.contains(type) ? letter : "raw(%s)".formatted(letter));
    }
    return all.toString();
  }

  private String signature(ExecutableElement method) {
    StringJoiner parameters = new StringJoiner(", ");
    for (VariableElement parameter : method.getParameters()) {
      parameters.add(parameter.asType() + " " + letter(method, parameter));
    }
    StringJoiner variables = new StringJoiner(", ", "<", "> ").setEmptyValue("");
    for (TypeParameterElement variable : method.getTypeParameters()) {
      String bound = variable.getBounds().get(0).toString();
      variables.add(
          bound.equals("java.lang.Object") ? variable.toString() : variable + " extends " + bound);
    }
    StringJoiner thrown = new StringJoiner(", ", " throws ", "").setEmptyValue("");
    for (TypeMirror type : method.getThrownTypes()) {
      thrown.add(simpleName(type));
    }
    return "\n%s  @Override\n  public %s%s %s(%s)%s {\n"
        .formatted(
            elements().isDeprecated(method) ? "  @Deprecated\n" : "",
            variables,
            method.getReturnType(),
            name(method),
            parameters,
            thrown);
  }

  private static boolean isForwarded(ExecutableElement method) {
    return method.getEnclosingElement().getKind().isInterface()
        && !method.getModifiers().contains(Modifier.STATIC);
  }

  private static boolean isVoid(ExecutableElement method) {
    return method.getReturnType().getKind() == TypeKind.VOID;
  }

  private static String name(ExecutableElement method) {
    return method.getSimpleName().toString();
  }

  private static String simpleName(TypeMirror type) {
    String name = type.toString();
    return name.indexOf('<') >= 0
        ? name.substring(name.lastIndexOf('.', name.indexOf('<')) + 1)
        : name.substring(name.lastIndexOf('.') + 1);
  }

  private Elements elements() {
    return processingEnv.getElementUtils();
  }

  private TypeElement type(String jdbcType) {
    return elements().getTypeElement("java.sql." + jdbcType);
  }

  private void write(String subpackage, String name, CharSequence body) throws IOException {
    String packageName = "dev.headgate.datasource" + (subpackage.isEmpty() ? "" : "." + subpackage);
    String text =
        "package %s;\n\n".formatted(packageName)
            + "import java.sql.*;\nimport org.jspecify.annotations.NullUnmarked;\n"
            + "import org.jspecify.annotations.Nullable;\n\n"
            + body
            + "}\n";
    try (Writer file =
        processingEnv.getFiler().createSourceFile(packageName + "." + name).openWriter()) {
      file.write(text);
    }
  }
}
