package com.example.app.web;

import com.example.app.settings.Settings;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Around every request: its id, the security headers, exactly one log line, and the last net for
 * exceptions.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public class RequestFilter extends OncePerRequestFilter {

  private static final String FAILURE = RequestFilter.class.getName() + ".failure";
  // Only what is harmless in a log and a header; anything else could forge log lines.
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final String API_POLICY = "default-src 'none'; frame-ancestors 'none'";
  private static final String DOCS_POLICY =
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";
  private static final Logger log = LoggerFactory.getLogger(RequestFilter.class);

  private final JsonMapper json;
  private final boolean production;

  RequestFilter(JsonMapper json, Settings settings) {
    this.json = json;
    this.production = settings.mode() == Settings.Mode.PRODUCTION;
  }

  /** Makes the request's log line tell of an exception that the client only sees as a status. */
  public static void rememberFailure(HttpServletRequest request, Throwable failure) {
    request.setAttribute(FAILURE, failure);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException {
    around(request, response, () -> chain.doFilter(request, response));
  }

  /** What a request goes through. */
  interface Handling {
    void run() throws IOException, ServletException;
  }

  void around(HttpServletRequest request, HttpServletResponse response, Handling handling)
      throws IOException {
    long started = System.nanoTime();
    String requestId = requestId(request.getHeader("X-Request-Id"));
    response.setHeader("X-Request-Id", requestId);
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("X-Frame-Options", "DENY");
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader(
        "Content-Security-Policy",
        request.getRequestURI().startsWith("/swagger-ui/") ? DOCS_POLICY : API_POLICY);
    if (production) {
      response.setHeader("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    }
    try {
      handling.run();
    } catch (Exception e) {
      rememberFailure(request, e);
      if (!response.isCommitted()) {
        ProblemWriter.write(json, response, Problem.internal());
      }
    } finally {
      logRequest(request, response.getStatus(), requestId, System.nanoTime() - started);
    }
  }

  private static String requestId(@Nullable String offered) {
    return offered != null && REQUEST_ID.matcher(offered).matches()
        ? offered
        : UUID.randomUUID().toString();
  }

  private static void logRequest(
      HttpServletRequest request, int status, String requestId, long nanoseconds) {
    LoggingEventBuilder line =
        log.atLevel(status >= 500 ? Level.ERROR : Level.INFO)
            .addKeyValue("requestId", requestId)
            .addKeyValue("method", request.getMethod())
            .addKeyValue("path", request.getRequestURI())
            .addKeyValue("status", status)
            .addKeyValue("durationMs", Math.round(nanoseconds / 1e4) / 100.0);
    if (request.getAttribute(FAILURE) instanceof Throwable failure) {
      line = line.setCause(failure);
    }
    line.log("request");
  }
}
