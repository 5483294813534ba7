package com.example.app.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {

  @Test
  void becomesWhatJdbcWants() {
    DatabaseUrl url =
        DatabaseUrl.parse("postgresql://me:p%40ss+word@db.example:6432/app?sslmode=require");

    assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example:6432/app?sslmode=require");
    assertThat(url.user()).isEqualTo("me");
    assertThat(url.password()).isEqualTo("p@ss+word");
    assertThat(url).asString().doesNotContain("ss+word");
  }

  @Test
  void takesTheParametersThatHostersWrite() {
    DatabaseUrl url =
        DatabaseUrl.parse(
            "postgresql://me@db/app?sslmode=require&channel_binding=require&connect_timeout=10");

    assertThat(url.jdbcUrl())
        .endsWith("/app?sslmode=require&channelBinding=require&connectTimeout=10");
  }

  @Test
  void refusesAnUnknownParameterByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> DatabaseUrl.parse("postgresql://me@db/app?sslmode=require&pgbouncer=true"))
        .withMessage("has an unknown parameter: pgbouncer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://me@db/app",
        "mysql://me:pw@db/app",
        "postgresql://db/app",
        "postgresql://me:pw@db",
        "postgresql://me:pw@/app",
        "postgresql://me:pw@db:99999/app",
        "not a url",
      })
  void refusesOtherForms(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> DatabaseUrl.parse(text));
  }

  @Test
  void anOutageIsToldFromAFault() {
    assertThat(outage(new SQLTransientConnectionException("no connection"))).isTrue();
    assertThat(outage(new SQLException("the pool's connection is closed"))).isTrue();
    assertThat(outage(new SQLException("shutting down", "57P01"))).isTrue();
    assertThat(outage(new SQLException("broken", "08006", new SocketTimeoutException()))).isTrue();
    assertThat(outage(new SQLException("duplicate", "23505"))).isFalse();
    assertThat(outage(new IllegalStateException("a bug"))).isFalse();
  }

  private static boolean outage(Exception cause) {
    return DatabaseOutageAdvice.isOutage(new IllegalStateException("translated", cause));
  }
}
