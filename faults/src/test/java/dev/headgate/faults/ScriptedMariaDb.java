package dev.headgate.faults;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Says what a MariaDB server would, to one client: a greeting, OK to the log-in and to each query.
 * It sends one byte a packet.
 */
final class ScriptedMariaDb implements AutoCloseable {

  static final int SSL = 0x800;
  static final int COMPRESS = 0x20;
  static final int OTHERS = 0xf5de & ~SSL & ~COMPRESS;

  private static final byte[] OK = {0, 0, 0, 2, 0, 0, 0};

  private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final List<String> executed = new CopyOnWriteArrayList<>();

  ScriptedMariaDb() throws IOException {
    Thread thread = new Thread(this::serve, "scripted MariaDB");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  int port() {
    return listener.getLocalPort();
  }

  /** The texts of all queries so far. */
  List<String> executed() {
    return executed;
  }

  static byte[] greeting(int capabilities) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(10);
    out.writeBytes("11.8.3-MariaDB\0".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(new byte[] {1, 0, 0, 0, 'c', 'h', 'a', 'l', 'l', 'e', 'n', 'g', 0});
    out.write(capabilities);
    out.write(capabilities >> 8);
    out.writeBytes(new byte[] {45, 2, 0, (byte) 0xff, (byte) 0x81, 21});
    return packet(0, out.toByteArray());
  }

  static byte[] ok(int sequence) {
    return packet(sequence, OK);
  }

  /** What a query beginning with {@code SELECT} is answered with: some packets. */
  static byte[] rows() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 1; i <= 5; i++) {
      out.writeBytes(packet(i, new byte[] {3, 'r', 'o', 'w'}));
    }
    return out.toByteArray();
  }

  static byte[] query(String sql) {
    return packet(0, ("\u0003" + sql).getBytes(StandardCharsets.US_ASCII));
  }

  static byte[] packet(int sequence, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(content.length);
    out.write(content.length >> 8);
    out.write(content.length >> 16);
    out.write(sequence);
    out.writeBytes(content);
    return out.toByteArray();
  }

  static byte[] read(DataInputStream in) throws IOException {
    byte[] header = new byte[4];
    in.readFully(header);
    byte[] content =
        new byte[(header[0] & 0xff) | ((header[1] & 0xff) << 8) | ((header[2] & 0xff) << 16)];
    in.readFully(content);
    return content;
  }

  private void serve() {
    try (Socket client = listener.accept()) {
      client.setTcpNoDelay(true);
      DataInputStream in = new DataInputStream(client.getInputStream());
      send(client, greeting(OTHERS | SSL | COMPRESS));
      read(in);
      send(client, ok(2));
      while (true) {
        byte[] command = read(in);
        String sql = new String(command, 1, command.length - 1, StandardCharsets.US_ASCII);
        executed.add(sql);
        send(client, sql.startsWith("SELECT") ? rows() : ok(1));
        if (sql.equals("HALF")) {
          // The beginning of something that does not come.
          send(client, new byte[] {7, 0});
        }
      }
    } catch (IOException e) {
      // The client has hung up.
    }
  }

  private static void send(Socket client, byte[] bytes) throws IOException {
    for (byte next : bytes) {
      client.getOutputStream().write(next);
    }
  }
}
