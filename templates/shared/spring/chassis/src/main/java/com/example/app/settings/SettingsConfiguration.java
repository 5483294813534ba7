package com.example.app.settings;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SettingsConfiguration {

  @Bean
  Settings settings() {
    return Settings.fromEnvironment();
  }
}
