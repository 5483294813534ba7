package com.example.app;

import com.example.app.settings.InvalidSettingsException;
import com.example.app.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts the server, or with an argument ({@code migrate}, {@code seed}) runs that {@link Command}. */
@SpringBootApplication
public class Application {

  public static void main(String[] args) {
    Settings settings;
    try {
      // Before Spring, so that a mistake is reported within a second, in one line per variable.
      settings = Settings.fromEnvironment();
    } catch (InvalidSettingsException e) {
      e.problems().forEach(System.err::println);
      System.exit(1);
      return;
    }
    SpringApplication application = new SpringApplication(Application.class);
    application.setDefaultProperties(settings.springProperties());
    if (args.length == 0) {
      serve(application, settings);
    } else {
      System.exit(run(application, args[0]));
    }
  }

  private static void serve(SpringApplication application, Settings settings) {
    application.run();
    // The JVM would exit with 143 after SIGTERM. These handlers run last, when every bean is closed.
    SpringApplication.getShutdownHandlers().add(() -> Runtime.getRuntime().halt(0));
    Logger log = LoggerFactory.getLogger(Application.class);
    log.atInfo()
        .addKeyValue("host", settings.host())
        .addKeyValue("port", settings.port())
        .log("listening");
  }

  private static int run(SpringApplication application, String name) {
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setLazyInitialization(true); // migrate must not need what only the server needs
    try (ConfigurableApplicationContext context = application.run()) {
      String bean = name + "Command"; // by name: asking for all of them would build what only the others need
      if (!context.containsBean(bean)) {
        System.err.println("unknown command: " + name);
        return 2;
      }
      context.getBean(bean, Command.class).run();
      return 0;
    } catch (RuntimeException e) {
      System.err.println(name + " failed: " + e.getMessage());
      return 1;
    }
  }
}
