package dev.headgate.frameworks.suite;

import java.util.List;
import javax.sql.DataSource;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
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
  public long number(String sql) {
    try (SqlSession session = sessions.openSession()) {
      return session.getMapper(NoteMapper.class).number(sql);
    }
  }
}
