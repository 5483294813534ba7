package com.example.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The program as a process of its own. */
class ApplicationTest {

  @Test
  void misconfiguredItDoesNotStartAndNamesEachVariable() throws Exception {
    Process process = run(Map.of("APP_ENV", "production", "SECRET_KEY", "short", "PORT", "x"));

    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(lines(process))
        .extracting(line -> line.substring(0, line.indexOf(' ')))
        .containsExactlyInAnyOrder("SECRET_KEY", "PORT", "DATABASE_URL", "PUBLIC_URL");
  }

  @Test
  void aCommandThatFailsSaysSoInALine() throws Exception {
    Process process =
        run(
            Map.of(
                "APP_ENV", "test",
                "SECRET_KEY", "secret",
                "DATABASE_URL", "postgresql://app:app@127.0.0.1:1/app"),
            "migrate");

    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(lines(process)).anyMatch(line -> line.startsWith("migrate failed: "));
  }

  private static Process run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
            java, "-cp", System.getProperty("java.class.path"), Application.class.getName());
    builder.command().addAll(List.of(arguments));
    // Without the locale, Java cannot open a path with other characters than ASCII.
    builder.environment().keySet().removeIf(name -> !name.matches("LANG|LC_.*"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return process;
  }

  private static List<String> lines(Process process) throws IOException {
    return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .toList();
  }
}
