package dev.headgate.frameworks.suite;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** Spring with JPA, by Hibernate. */
@Configuration
@EnableTransactionManagement
class SpringJpa {

  @Bean
  LocalContainerEntityManagerFactoryBean entities(DataSource dataSource, Dbms dbms) {
    return factory(dataSource, dbms.hibernate.getName());
  }

  private static LocalContainerEntityManagerFactoryBean factory(
      DataSource dataSource, String dialect) {
    // snippet
    var factory = new LocalContainerEntityManagerFactoryBean();
    factory.setDataSource(dataSource);
    factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
    factory.setManagedTypes(PersistenceManagedTypes.of(Note.class.getName()));
    factory.setJpaPropertyMap(
        Map.of("hibernate.boot.allow_jdbc_metadata_access", false, "hibernate.dialect", dialect));
    // end of snippet
    return factory;
  }

  @Bean
  PlatformTransactionManager transactions(EntityManagerFactory entities) {
    return new JpaTransactionManager(entities);
  }

  @Bean
  SpringNotes notes(EntityManagerFactory entities) {
    EntityManager entityManager = SharedEntityManagerCreator.createSharedEntityManager(entities);
    return new SpringNotes(
        new SpringNotes.Store() {
          @Override
          public void add(String body) {
            entityManager.persist(new Note(body));
          }

          @Override
          public List<String> bodies() {
            return entityManager
                .createQuery("select body from Note order by id", String.class)
                .getResultList();
          }

          @Override
          public void changeAll() {
            Jpa.changeAll(entityManager);
          }

          @Override
          public void stream(Consumer<String> each) {
            Jpa.streamByHibernate(entityManager, each);
          }

          @Override
          public long number(String sql) {
            return ((Number) entityManager.createNativeQuery(sql).getSingleResult()).longValue();
          }
        });
  }
}
