package com.example.app.database;

import com.example.app.settings.Settings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.bean.override.convention.TestBean;

/**
 * The whole application on a database of the tests' own. It is never the one that DATABASE_URL
 * names, so running the tests cannot change the data of development.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
public abstract class DatabaseTest {

  private static final String URL =
      System.getenv()
          .getOrDefault(
              "TEST_DATABASE_URL", "postgresql://app:app@127.0.0.1:5432/app_test?connectTimeout=1");
  protected static final DatabaseUrl DATABASE = DatabaseUrl.parse(URL);

  private static @Nullable String failure;

  @TestBean
  @SuppressWarnings("UnusedVariable") // it replaces the bean
  private Settings settings;

  static Settings settings() {
    return Settings.from(
        Map.of("APP_ENV", "test", "DATABASE_URL", URL, "SECRET_KEY", "test", "RATE_LIMIT", "0"));
  }

  @BeforeAll
  static void prepareDatabase() {
    Assumptions.assumeTrue(failure == null, failure); // the first class has failed with it
    try {
      createDatabaseIfMissing();
    } catch (SQLException e) {
      failure =
          "No database for the tests (`docker compose up -d postgresql` starts one, TEST_DATABASE_URL names another): "
              + e.getMessage();
      throw new AssertionError(failure);
    }
    Migrations.run(DATABASE);
  }

  private static void createDatabaseIfMissing() throws SQLException {
    try {
      connect(DATABASE.jdbcUrl()).close();
      return;
    } catch (SQLException e) {
      if (!"3D000".equals(e.getSQLState())) { // the server is there, the database is not
        throw e;
      }
    }
    Matcher url = Pattern.compile("(.*/)([^/?]+)(\\?.*)?").matcher(DATABASE.jdbcUrl());
    if (url.matches()) {
      try (Connection connection = connect(url.replaceFirst("$1postgres$3"));
          Statement statement = connection.createStatement()) {
        statement.execute("create database \"" + url.group(2) + "\"");
      }
    }
  }

  private static Connection connect(String jdbcUrl) throws SQLException {
    return DriverManager.getConnection(jdbcUrl, DATABASE.user(), DATABASE.password());
  }
}
