package com.example.app.database;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;
import org.slf4j.LoggerFactory;

/**
 * Brings the schema up to date. A step of its own and not part of the start: several processes
 * start at once, the server's database user need not be allowed to change tables, and a server must
 * start while the database is down.
 */
public final class Migrations {

  private Migrations() {}

  public static void run(DatabaseUrl url) {
    // Without Spring, which would take seconds to start for it, and so without its set-up of the
    // logs.
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    // Not through the pool, whose time-outs are too short for building an index.
    MigrateResult result =
        Flyway.configure().dataSource(url.jdbcUrl(), url.user(), url.password()).load().migrate();
    System.out.println("migrations applied: " + result.migrationsExecuted);
  }
}
