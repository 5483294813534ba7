package com.example.app.database;

import com.example.app.Command;
import com.example.app.settings.Settings;
import org.flywaydb.core.Flyway;
import org.springframework.stereotype.Component;

/**
 * Brings the schema up to date. A step of its own and not part of the start: several processes start at once, the server's
 * database user need not be allowed to change tables, and a server must start while the database is down.
 */
@Component
class MigrateCommand implements Command {

  private final DatabaseUrl url;

  MigrateCommand(Settings settings) {
    this.url = settings.databaseUrl();
  }

  @Override
  public void run() {
    // Not through the pool, whose time-outs are too short for building an index.
    Flyway.configure().dataSource(url.jdbcUrl(), url.user(), url.password()).load().migrate();
  }
}
