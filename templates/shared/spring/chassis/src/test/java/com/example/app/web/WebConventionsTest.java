package com.example.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.web.WebConventionsTest.Echo;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** What every route gets without asking, shown on one that sends back what it understood. */
@WebMvcTest(Echo.class)
@Import({WebSlice.class, Echo.class})
class WebConventionsTest {

  record Message(
      @Nullable @Size(max = 10, message = "is too long") String text,
      @Nullable Boolean loud,
      @Nullable Instant at,
      @Nullable List<Message> answers) {}

  @RestController
  static class Echo {

    @PostMapping("/echo")
    Message echo(@Valid @RequestBody Message message) {
      return message;
    }

    @GetMapping("/fault")
    String fault() {
      throw new IllegalStateException("the password is 123");
    }
  }

  @Autowired private MockMvcTester mvc;

  @Test
  void timesHaveMillisecondsAndUtc() {
    assertThat(post("{\"at\": \"2030-01-31t13:00:00.1239+01:00\"}"))
        .hasStatusOk()
        .bodyJson()
        .extractingPath("$.at")
        .isEqualTo("2030-01-31T12:00:00.123Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "{",
        "{\"text\": NaN}",
        "{\"text\": 1e999}",
        "{\"text\": \"\\u0000\"}",
        "{\"\\u0000\": 1}",
        "{} {}",
        "{\"text\": 5, \"loud\": Infinity}",
      })
  void whatIsNotJsonIs400(String body) {
    assertProblem(post(body), 400, "malformed-body");
  }

  @Test
  void brokenUtf8Is400() {
    byte[] body = "{\"text\": \"\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertProblem(
        mvc.post().uri("/echo").contentType(MediaType.APPLICATION_JSON).content(body).exchange(),
        400,
        "malformed-body");
  }

  @Test
  void jsonMayNestAHundredDeepAndNoDeeper() {
    assertProblem(post("[".repeat(100) + "]".repeat(100)), 422, "validation");
    assertProblem(post("[".repeat(101) + "]".repeat(101)), 400, "malformed-body");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]                              | ''",
        "null                            | ''",
        "{'text': 5}                     | text",
        "{'text': {'$gt': ''}}           | text",
        "{'text': 'much too long'}       | text",
        "{'text': '\\ud800'}             | text",
        "{'loud': 'true'}                | loud",
        "{'loud': 1}                     | loud",
        "{'at': 5}                       | at",
        "{'at': '2030-01-31'}            | at",
        "{'role': 'admin'}               | role",
        "{'answers': [{}, {'loud': 0}]}  | answers.1.loud",
      })
  void whatIsNotValidIs422AndNamed(String body, String field) {
    assertThat(assertProblem(post(body.replace('\'', '"')), 422, "validation"))
        .bodyJson()
        .extractingPath("$.errors[0].field")
        .isEqualTo(field);
  }

  @Test
  void everyMistakeIsNamedAtOnce() {
    String body = "{'text': 'much too long', 'loud': 1, 'at': 'noon', 'role': 'admin', 'rank': 1}";

    assertThat(assertProblem(post(body.replace('\'', '"')), 422, "validation"))
        .bodyJson()
        .extractingPath("$.errors[*].field")
        .asArray()
        .containsExactlyInAnyOrder("text", "loud", "at", "role", "rank");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/merge-patch+json", "nonsense"})
  void anotherContentTypeIs415(String type) {
    assertProblem(
        mvc.post().uri("/echo").header(HttpHeaders.CONTENT_TYPE, type).content("{}").exchange(),
        415,
        "unsupported-media-type");
  }

  @Test
  void aBodyThatIsTooLargeIs413() {
    String body = "{\"text\": \"" + "a".repeat(WebSlice.MAX_BODY_BYTES) + "\"}";
    assertProblem(post(body), 413, "payload-too-large");
  }

  @Test
  void unknownRoutesAre404AndWrongMethods405() {
    assertProblem(mvc.get().uri("/nothing/here").exchange(), 404, "not-found");
    assertThat(assertProblem(mvc.delete().uri("/echo").exchange(), 405, "method-not-allowed"))
        .hasHeader(HttpHeaders.ALLOW, "POST");
  }

  @Test
  void aFaultTellsTheClientNothing() {
    assertThat(assertProblem(mvc.get().uri("/fault").exchange(), 500, "internal"))
        .bodyText()
        .doesNotContain("password", "IllegalState");
  }

  @Test
  void everyAnswerHasTheSecurityHeadersAndARequestId() {
    assertThat(mvc.get().uri("/nothing/here").header("X-Request-Id", "mine-1").exchange())
        .hasHeader("X-Request-Id", "mine-1")
        .hasHeader("X-Content-Type-Options", "nosniff")
        .hasHeader("Referrer-Policy", "no-referrer")
        .headers()
        .hasHeaderSatisfying(
            "Content-Security-Policy",
            values -> assertThat(values).first().asString().contains("frame-ancestors 'none'"));
    assertThat(mvc.get().uri("/echo").header("X-Request-Id", "two words").exchange())
        .headers()
        .hasHeaderSatisfying(
            "X-Request-Id", values -> assertThat(values).doesNotContain("two words"));
  }

  @Test
  void onlyTheNamedOriginsGetCorsHeaders() {
    assertThat(preflight(WebSlice.ORIGIN))
        .hasStatusOk()
        .hasHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, WebSlice.ORIGIN);
    assertThat(preflight("https://evil.example"))
        .doesNotContainHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN);
  }

  @Test
  void eachClientHasItsOwnLimit() {
    for (int i = 0; i < 100; i++) {
      from("192.0.2.1");
    }
    assertThat(assertProblem(from("192.0.2.1"), 429, "rate-limited"))
        .headers()
        .hasHeaderSatisfying(
            "Retry-After", seconds -> assertThat(seconds.getFirst()).matches("[1-9][0-9]?"));
    assertThat(from("192.0.2.2")).hasStatus(404);
  }

  @Test
  void aPageCanReadThatItWasLimited() {
    for (int i = 0; i <= 100; i++) {
      from("192.0.2.3");
    }
    assertThat(
            mvc.get()
                .uri("/nothing")
                .header(HttpHeaders.ORIGIN, WebSlice.ORIGIN)
                .with(request -> {
                  request.setRemoteAddr("192.0.2.3");
                  return request;
                })
                .exchange())
        .hasStatus(429)
        .hasHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, WebSlice.ORIGIN);
  }

  private MvcTestResult post(String body) {
    return mvc.post()
        .uri("/echo")
        .contentType(MediaType.APPLICATION_JSON)
        .content(body)
        .with(request -> {
          request.setRemoteAddr("198.51.100." + (System.nanoTime() & 127));
          return request;
        })
        .exchange();
  }

  private MvcTestResult from(String address) {
    return mvc.get()
        .uri("/nothing")
        .with(request -> {
          request.setRemoteAddr(address);
          return request;
        })
        .exchange();
  }

  private MvcTestResult preflight(String origin) {
    return mvc.options()
        .uri("/echo")
        .header(HttpHeaders.ORIGIN, origin)
        .header(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD, "POST")
        .exchange();
  }

  private static MvcTestResult assertProblem(MvcTestResult result, int status, String type) {
    assertThat(result).hasStatus(status).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
    assertThat(result).bodyJson().extractingPath("$.type").isEqualTo("/problems/" + type);
    assertThat(result).bodyJson().extractingPath("$.detail").asString().isNotEmpty();
    return result;
  }
}
