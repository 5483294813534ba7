package com.example.app;

/** Something to run once: a bean {@code migrateCommand} is {@code java -jar target/app.jar migrate}. */
@FunctionalInterface
public interface Command {

  void run();
}
