package com.example.app;

import com.example.app.database.Migrations;
import com.example.app.settings.InvalidSettingsException;
import com.example.app.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts the server, or with an argument does one thing and ends: {@code migrate}, or a {@link
 * Command}.
 */
@SpringBootApplication(exclude = ErrorMvcAutoConfiguration.class) // errors are ours alone
public class Application {

  public static void main(String[] args) {
    String command = args.length == 0 ? "serve" : args[0];
    try {
      // Before Spring, so that a mistake is reported within a second, in one line per variable.
      Settings settings = Settings.fromEnvironment();
      SpringApplication application = new SpringApplication(Application.class);
      application.setDefaultProperties(settings.springProperties());
      switch (command) {
        case "serve" -> serve(application, settings);
        case "migrate" -> Migrations.run(settings.databaseUrl());
        default -> run(application, command);
      }
    } catch (InvalidSettingsException e) {
      e.problems().forEach(System.err::println);
      System.exit(1);
    } catch (RuntimeException e) {
      System.err.println(command + " failed: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void serve(SpringApplication application, Settings settings) {
    application.run();
    // The JVM would exit with 143 after SIGTERM. These handlers run last, when every bean is
    // closed.
    SpringApplication.getShutdownHandlers().add(() -> Runtime.getRuntime().halt(0));
    Logger log = LoggerFactory.getLogger(Application.class);
    log.atInfo()
        .addKeyValue("host", settings.host())
        .addKeyValue("port", settings.port())
        .log("listening");
  }

  private static void run(SpringApplication application, String name) {
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setLazyInitialization(true); // a command must not need what only the server needs
    try (ConfigurableApplicationContext context = application.run()) {
      context.getBean(name + "Command", Command.class).run();
    }
  }
}
