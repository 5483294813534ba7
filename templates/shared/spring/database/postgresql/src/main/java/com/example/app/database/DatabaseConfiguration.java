package com.example.app.database;

import com.example.app.settings.Settings;
import com.zaxxer.hikari.HikariDataSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

  /** The pool; its size and time-outs stand in {@code database.yml}. */
  @Bean
  @ConfigurationProperties("spring.datasource.hikari")
  static HikariDataSource dataSource(Settings settings) {
    DatabaseUrl url = settings.databaseUrl();
    return DataSourceBuilder.create()
        .type(HikariDataSource.class)
        .url(url.jdbcUrl())
        .username(url.user())
        .password(url.password())
        .build();
  }
}
