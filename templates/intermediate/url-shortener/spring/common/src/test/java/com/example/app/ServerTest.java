package com.example.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.bean.override.convention.TestBean;

/**
 * What only a real Tomcat shows, and how it does in production, behind a proxy, while its database
 * is down.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class ServerTest {

  private static final int LIMIT = 20;

  @TestBean
  @SuppressWarnings("UnusedVariable") // it replaces the bean
  private Settings settings;

  @LocalServerPort private int port;

  private final HttpClient client = HttpClient.newHttpClient();

  static Settings settings() {
    return Settings.from(
        Map.of(
            "APP_ENV", "production",
            "DATABASE_URL", "postgresql://app:app@127.0.0.1:1/app", // nobody listens there
            "SECRET_KEY", "a".repeat(32),
            "PUBLIC_URL", "https://sho.rt",
            "TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8",
            "RATE_LIMIT", Integer.toString(LIMIT),
            "MAX_BODY_BYTES", "1000"));
  }

  @Test
  void withoutItsDatabaseItLivesAndSaysThatItIsNotReady() throws Exception {
    assertThat(send("GET", "/health", "198.51.100.1").statusCode()).isEqualTo(200);
    HttpResponse<String> ready = send("GET", "/ready", "198.51.100.1");

    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(ready.body()).contains("\"dependencies\":{\"cache\":\"up\",\"database\":\"down\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/links", "/someones-link"})
  void withoutItsDatabaseItAnswers503InTime(String path) throws Exception {
    HttpRequest request =
        request("GET", path, "198.51.100.2").timeout(Duration.ofSeconds(10)).build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body())
        .contains("/problems/unavailable")
        .doesNotContain("Hikari", "127.0.0.1");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /%ff, 404, not-found",
    "GET, /a%2Fb, 404, not-found",
    "GET, /%2e%2e/%2e%2e, 404, not-found",
    "GET, /api/v1/links/%5C, 404, not-found",
    "TRACE, /health, 405, method-not-allowed",
    "TRACE, /nothing/here, 404, not-found",
  })
  void whatTomcatWouldAnswerItselfIsAProblemAsWell(
      String method, String path, int status, String type) throws Exception {
    HttpResponse<String> answer = send(method, path, "198.51.100.3");

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains("\"/problems/" + type + "\"");
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.headers().firstValue("X-Request-Id")).isPresent();
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
  }

  @Test
  void theDocumentationComesFromThisServerAlone() throws Exception {
    HttpResponse<String> docs = send("GET", "/docs", "198.51.100.6");
    assertThat(docs.headers().firstValue("Location")).contains("/swagger-ui/index.html");

    HttpResponse<String> page = send("GET", "/swagger-ui/index.html", "198.51.100.6");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'self'");
    assertThat(page.body()).doesNotContain("http://", "https://");
    assertThat(send("GET", "/swagger-ui/swagger-initializer.js", "198.51.100.6").body())
        .contains("/openapi.json")
        .doesNotContain("https://");
  }

  @Test
  void headersThatAreTooLongAreNoReasonToDenyThePath() throws Exception {
    HttpRequest request =
        request("GET", "/health", "198.51.100.5").header("X-Long", "a".repeat(20_000)).build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("/problems/malformed-request");
  }

  @Test
  void productionHasNoPageToBeginWith() throws Exception {
    assertThat(send("GET", "/", "198.51.100.4").statusCode()).isEqualTo(404);
  }

  @Test
  void productionWantsHttps() throws Exception {
    assertThat(
            send("GET", "/health", "198.51.100.4")
                .headers()
                .firstValue("Strict-Transport-Security"))
        .isPresent();
  }

  @Test
  void behindProxiesTheClientIsTheLastAddressThatIsNotTheirs() throws Exception {
    for (int i = 0; i < LIMIT; i++) {
      // What the client puts in front does not make it another one; further proxies do not either.
      String invented = "203.0.113." + i;
      send("GET", "/nothing/here", invented + ", 192.0.2.1, 10.1.2.3");
    }

    HttpResponse<String> refused = send("GET", "/nothing/here", "192.0.2.1");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(1L, 61L);
    assertThat(send("GET", "/nothing/here", "192.0.2.2").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/health", "192.0.2.1").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> send(String method, String path, String forwardedFor)
      throws IOException, InterruptedException {
    return client.send(request(method, path, forwardedFor).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String method, String path, String forwardedFor) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .method(method, BodyPublishers.noBody())
        .header("X-Forwarded-For", forwardedFor);
  }
}
