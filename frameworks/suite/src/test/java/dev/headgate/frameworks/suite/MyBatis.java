package dev.headgate.frameworks.suite;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Options;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;
import org.apache.ibatis.cursor.Cursor;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;

/** MyBatis, with sessions that it commits. */
final class MyBatis implements Framework {

  interface NoteMapper {
    @Insert("INSERT INTO note (body) VALUES (#{body})")
    void add(String body);

    @Select("SELECT body FROM note ORDER BY id")
    List<String> bodies();

    @Update("UPDATE note SET body = #{changed} WHERE body = #{body}")
    void change(@Param("body") String body, @Param("changed") String changed);

    @Select("SELECT body FROM note ORDER BY id")
    @Options(fetchSize = FETCH_SIZE)
    Cursor<String> stream();

    @Select("${sql}")
    long number(String sql);
  }

  private final SqlSessionFactory sessions;

  MyBatis(DataSource dataSource) {
    sessions = factory(dataSource, NoteMapper.class);
  }

  static SqlSessionFactory factory(DataSource dataSource, Class<?> mapper) {
    // snippet
    Configuration configuration =
        new Configuration(new Environment("notes", new JdbcTransactionFactory(), dataSource));
    configuration.addMapper(mapper);
    SqlSessionFactory sessions = new SqlSessionFactoryBuilder().build(configuration);
    // end of snippet
    return sessions;
  }

  @Override
  public void add(String body) {
    // snippet
    try (SqlSession session = sessions.openSession()) {
      session.getMapper(NoteMapper.class).add(body);
      session.commit();
    }
    // end of snippet
  }

  @Override
  public List<String> bodies() {
    try (SqlSession session = sessions.openSession()) {
      return session.getMapper(NoteMapper.class).bodies();
    }
  }

  @Override
  public void addAndRollBack(String body) {
    try (SqlSession session = sessions.openSession()) {
      session.getMapper(NoteMapper.class).add(body);
      session.rollback();
    }
  }

  @Override
  public void leaveOpen(String body) {
    sessions.openSession().getMapper(NoteMapper.class).add(body);
  }

  @Override
  public void changeAll() {
    List<String> bodies = bodies();
    try (SqlSession session = sessions.openSession(ExecutorType.BATCH)) {
      NoteMapper notes = session.getMapper(NoteMapper.class);
      bodies.forEach(body -> notes.change(body, body + "!"));
      session.commit();
    }
  }

  @Override
  public void stream(Consumer<String> each) throws IOException {
    try (SqlSession session = sessions.openSession();
        Cursor<String> notes = session.getMapper(NoteMapper.class).stream()) {
      notes.forEach(each);
    }
  }

  @Override
  public long number(String sql) {
    try (SqlSession session = sessions.openSession()) {
      return session.getMapper(NoteMapper.class).number(sql);
    }
  }
}
