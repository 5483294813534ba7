package com.example.app.web;

import com.example.app.settings.Settings;
import java.util.Map;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * What a slice test of controllers needs besides them: the web layer as it is, on settings of its
 * own.
 */
@TestConfiguration(proxyBeanMethods = false)
@Import(JsonConfiguration.class)
public class WebSlice {

  public static final int MAX_BODY_BYTES = 1_000;
  public static final String ORIGIN = "https://app.example";

  @Bean
  static Settings settings() {
    return Settings.from(
        Map.of(
            "APP_ENV", "test",
            "DATABASE_URL", "postgresql://app:app@127.0.0.1:5432/app",
            "SECRET_KEY", "secret",
            "PUBLIC_URL", "https://sho.rt",
            "CORS_ORIGINS", ORIGIN,
            "TRUSTED_PROXIES", "127.0.0.1",
            "RATE_LIMIT", "100",
            "MAX_BODY_BYTES", Integer.toString(MAX_BODY_BYTES)));
  }
}
