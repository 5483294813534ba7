package com.example.app.web;

import com.example.app.settings.Settings;
import com.example.app.web.Problem.Kind;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * At most so many requests a minute for one client, counted in this process from the client's first
 * request on.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 2)
class RateLimitFilter extends OncePerRequestFilter {

  private record Window(long startedAt, AtomicInteger requests) {}

  private static final Duration MINUTE = Duration.ofMinutes(1);

  // Bounded, or a flood from many addresses would fill the memory.
  private final Cache<String, Window> windows =
      Caffeine.newBuilder().expireAfterWrite(MINUTE).maximumSize(100_000).build();
  private final ClientAddress clientAddress;
  private final JsonMapper json;
  private final int limit;

  RateLimitFilter(JsonMapper json, Settings settings) {
    this.clientAddress = new ClientAddress(settings.trustedProxies());
    this.json = json;
    this.limit = settings.rateLimit();
  }

  /** An orchestrator's probes must not be refused because it asks often. */
  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    String path = request.getRequestURI();
    return limit == 0 || path.equals("/health") || path.equals("/ready");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Window window =
        windows.get(
            clientAddress.of(request),
            client -> new Window(System.nanoTime(), new AtomicInteger()));
    if (window.requests().incrementAndGet() <= limit) {
      chain.doFilter(request, response);
      return;
    }
    Duration left = MINUTE.minusNanos(System.nanoTime() - window.startedAt());
    response.setHeader("Retry-After", Long.toString(Math.max(1, left.toSeconds() + 1)));
    ProblemWriter.write(json, response, Problem.of(Kind.RATE_LIMITED, "Slow down."));
  }
}
