package com.example.app.database;

import com.example.app.settings.Settings;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

  /**
   * The pool. Its time-outs add up to less than two seconds, so that a database that is down, or
   * accepts connections and then hangs, costs a client a quick 503 and not a thread for each of
   * them.
   */
  @Bean
  HikariDataSource dataSource(Settings settings) {
    DatabaseUrl url = settings.databaseUrl();
    HikariConfig pool = new HikariConfig();
    pool.setJdbcUrl(url.jdbcUrl());
    pool.setUsername(url.user());
    pool.setPassword(url.password());
    pool.setAutoCommit(false);
    pool.setMaximumPoolSize(10);
    pool.setInitializationFailTimeout(-1); // start without the database; /ready tells
    pool.setConnectionTimeout(1_500);
    pool.setValidationTimeout(500);
    pool.addDataSourceProperty("connectTimeout", "1");
    pool.addDataSourceProperty("socketTimeout", "1");
    return new HikariDataSource(pool);
  }
}
