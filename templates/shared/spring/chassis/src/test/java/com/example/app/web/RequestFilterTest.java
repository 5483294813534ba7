package com.example.app.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import jakarta.servlet.FilterChain;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

class RequestFilterTest {

  private final RequestFilter filter = new RequestFilter(new JsonMapper(), WebSlice.settings());
  private final Logger logger = (Logger) LoggerFactory.getLogger(RequestFilter.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/summer");
  private final MockHttpServletResponse response = new MockHttpServletResponse();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
    logger.setLevel(Level.INFO);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
    logger.setLevel(null);
  }

  @Test
  void aRequestIsOneLineWithoutItsQueryOrHeaders() throws Exception {
    request.setQueryString("token=secret");
    request.addHeader("Authorization", "Bearer secret");
    request.addHeader("X-Request-Id", "mine-1");

    filter.doFilter(request, response, (in, out) -> response.setStatus(302));

    assertThat(lines.list).hasSize(1);
    assertThat(values(lines.list.getFirst()))
        .containsEntry("requestId", "mine-1")
        .containsEntry("method", "GET")
        .containsEntry("path", "/summer")
        .containsEntry("status", 302)
        .containsKey("durationMs");
    assertThat(lines.list.getFirst().toString() + values(lines.list.getFirst()))
        .doesNotContain("secret");
    assertThat(response.getHeader("X-Request-Id")).isEqualTo("mine-1");
  }

  @Test
  void whatNobodyCaughtIsAProblemAndALineWithItsCause() throws Exception {
    FilterChain failing =
        (in, out) -> {
          throw new IllegalStateException("a bug");
        };

    assertThatCode(() -> filter.doFilter(request, response, failing)).doesNotThrowAnyException();

    assertThat(response.getStatus()).isEqualTo(500);
    assertThat(response.getContentAsString()).contains("/problems/internal").doesNotContain("bug");
    assertThat(lines.list).hasSize(1);
    assertThat(lines.list.getFirst().getLevel()).isEqualTo(Level.ERROR);
    assertThat(lines.list.getFirst().getThrowableProxy().getMessage()).isEqualTo("a bug");
  }

  @ParameterizedTest
  @CsvSource({"'', false", "a b, false", "'a\"b', false", "ä, false", "A-z_0.9, true"})
  void anIdThatCouldForgeALineIsReplaced(String offered, boolean kept) throws Exception {
    request.addHeader("X-Request-Id", offered);

    filter.doFilter(request, response, (in, out) -> {});

    String used = String.valueOf(response.getHeader("X-Request-Id"));
    assertThat(used.equals(offered)).isEqualTo(kept);
    assertThat(used).matches("[A-Za-z0-9._-]{1,128}");
  }

  @Test
  void anIdMayHave128Characters() throws Exception {
    request.addHeader("X-Request-Id", "a".repeat(129));

    filter.doFilter(request, response, (in, out) -> {});

    assertThat(response.getHeader("X-Request-Id")).hasSizeLessThan(129);
  }

  @Test
  void onlyProductionDemandsHttps() throws Exception {
    filter.doFilter(request, response, (in, out) -> {});

    assertThat(response.getHeader("Strict-Transport-Security")).isNull();
  }

  private static Map<String, Object> values(ILoggingEvent line) {
    return line.getKeyValuePairs().stream()
        .collect(Collectors.toMap(pair -> pair.key, pair -> pair.value));
  }
}
