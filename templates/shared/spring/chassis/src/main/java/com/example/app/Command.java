package com.example.app;

/** Something to run once: the bean {@code seedCommand} is {@code java -jar target/app.jar seed}. */
@FunctionalInterface
public interface Command {

  void run();
}
