package com.example.app.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  private static final Map<String, String> GOOD =
      Map.of("DATABASE_URL", "postgresql://app:app@127.0.0.1:5432/app", "SECRET_KEY", "secret");

  @Test
  void whatIsNotGivenHasADefault() {
    Settings settings = Settings.from(GOOD);

    assertThat(settings.mode()).isEqualTo(Settings.Mode.DEVELOPMENT);
    assertThat(settings.port()).isEqualTo(3000);
    assertThat(settings.publicUrl()).hasToString("http://127.0.0.1:3000");
    assertThat(settings.maxBodyBytes()).isEqualTo(1_048_576);
    assertThat(settings.rateLimit()).isEqualTo(300);
    assertThat(settings.docsEnabled()).isTrue();
  }

  @Test
  void anEmptyValueCountsAsMissing() {
    assertThat(Settings.from(with("CORS_ORIGINS", "")).corsOrigins()).isEmpty();
    assertThatThrownBy(() -> Settings.from(with("DATABASE_URL", "")))
        .hasMessageContaining("DATABASE_URL is missing");
  }

  @ParameterizedTest
  @CsvSource({
    "APP_ENV, staging",
    "HOST, not a host",
    "PORT, 65536",
    "PORT, 3e3",
    "DATABASE_URL, mysql://app:app@127.0.0.1/app",
    "PUBLIC_URL, ftp://example.com",
    "PUBLIC_URL, https://example.com/path",
    "CORS_ORIGINS, *",
    "TRUSTED_PROXIES, 10.0.0.0/33",
    "TRUSTED_PROXIES, proxy.example",
    "MAX_BODY_BYTES, 0",
    "RATE_LIMIT, -1",
    "LOG_LEVEL, loud",
    "DOCS_ENABLED, maybe",
  })
  void aMalformedValueIsRefusedByName(String name, String value) {
    assertThatThrownBy(() -> Settings.from(with(name, value))).hasMessageStartingWith(name + " ");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0/8",
    "127.0.0.1, 127.0.0.1/32",
    "::1, ::1/128",
    "2001:db8::/32, 2001:db8::/32",
  })
  void aTrustedAddressIsANetworkOfOne(String given, String network) {
    assertThat(Settings.from(with("TRUSTED_PROXIES", given)).trustedProxies())
        .containsExactly(network);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "dead", "1.2.3", "256.1.1.1", "::1/129", "10.0.0.0/", ":"})
  void namesAndHalfAddressesAreNoNetworks(String text) {
    assertThatThrownBy(() -> Settings.from(with("TRUSTED_PROXIES", text)))
        .hasMessage("TRUSTED_PROXIES must hold networks such as 10.0.0.0/8");
  }

  @Test
  void listsAreSeparatedByCommasAndOriginsHaveNoSlash() {
    Settings settings =
        Settings.from(with("CORS_ORIGINS", " https://a.example/ ,,http://b.example:8080"));

    assertThat(settings.corsOrigins())
        .containsExactly("https://a.example", "http://b.example:8080");
  }

  @Test
  void withoutAPublicUrlThisMachineIsTheAddress() {
    assertThat(Settings.from(with("PORT", "4000")).publicUrl())
        .hasToString("http://127.0.0.1:4000");
    assertThat(Settings.from(with("PORT", "")).publicUrl()).hasToString("http://127.0.0.1:3000");
    assertThatThrownBy(() -> Settings.from(with("APP_ENV", "production")))
        .hasMessageContaining("PUBLIC_URL is missing");
  }

  @Test
  void springIsToldWhatConcernsIt() {
    Map<String, String> variables = with("LOG_LEVEL", "warning");
    variables.put("DOCS_ENABLED", "false");

    assertThat(Settings.from(variables).springProperties())
        .containsEntry("server.port", 3000)
        .containsEntry("logging.level.root", "warn")
        .containsEntry("springdoc.api-docs.enabled", false);
  }

  @Test
  void everyProblemIsReportedAtOnce() {
    InvalidSettingsException e =
        catchThrowableOfType(
            InvalidSettingsException.class, () -> Settings.from(Map.of("PORT", "x")));

    assertThat(e.problems())
        .extracting(problem -> problem.substring(0, problem.indexOf(' ')))
        .containsExactlyInAnyOrder("PORT", "DATABASE_URL", "SECRET_KEY");
  }

  @Test
  void productionWantsASecretOfItsOwn() {
    Map<String, String> production = with("APP_ENV", "production");
    production.put("PUBLIC_URL", "https://example.com");

    for (String weak : List.of("short", "change-me-to-32-random-characters")) {
      production.put("SECRET_KEY", weak);
      assertThatThrownBy(() -> Settings.from(production)).hasMessageStartingWith("SECRET_KEY");
    }
    production.put("SECRET_KEY", "a".repeat(32));
    assertThat(Settings.from(production).docsEnabled()).isFalse();
  }

  @Test
  void secretsAreNotPrinted() {
    assertThat(Settings.from(GOOD).toString()).doesNotContain("secret", "app:app");
  }

  @Test
  void theEnvironmentWinsOverTheFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve(".env");
    Files.writeString(file, "# settings\nPORT=1000\n\nHOST=\"127.0.0.1\"\n");

    assertThat(Environment.variables(Map.of("PORT", "2000"), file))
        .containsEntry("PORT", "2000")
        .containsEntry("HOST", "127.0.0.1");
    assertThat(Environment.variables(Map.of("APP_ENV", "production"), file))
        .as("in production there is no file")
        .doesNotContainKey("PORT");
  }

  private static Map<String, String> with(String name, String value) {
    Map<String, String> variables = new HashMap<>(GOOD);
    variables.put(name, value);
    return variables;
  }
}
