package dev.headgate.frameworks.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableAsync;

/** The application of docs/spring-boot.md: a notebook for each tenant. */
@SpringBootApplication
@EnableAsync
public class NotebookApplication {

  /** Starts it. */
  public static void main(String[] args) {
    SpringApplication.run(NotebookApplication.class, args);
  }
}
