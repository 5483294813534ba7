package com.example.app.links;

import com.example.app.web.Problem;
import com.example.app.web.Problem.Kind;
import com.example.app.web.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Follows short links. */
@RestController
class RedirectController {

  private final LinkTargets targets;
  private final ClickBuffer clicks;
  private final Clock clock;

  RedirectController(LinkTargets targets, ClickBuffer clicks, Clock clock) {
    this.targets = targets;
    this.clicks = clicks;
    this.clock = clock;
  }

  /**
   * The pattern keeps what cannot be a code away from cache and database. HEAD comes here as well.
   */
  @GetMapping("/{code:" + Codes.PATTERN + "}")
  @Operation(operationId = "followLink", summary = "Follow a short link")
  @ApiResponse(responseCode = "302", description = "To the target")
  ResponseEntity<Void> follow(@PathVariable String code, HttpServletRequest request) {
    // Spring drops what follows a semicolon; "/abc;x" is no code.
    LinkTarget target =
        request.getRequestURI().contains(";") ? LinkTarget.UNKNOWN : targets.find(code);
    if (target.linkId() == null) {
      throw new ProblemException(Problem.notFound());
    }
    Instant now = clock.instant();
    if (!target.isActive(now)) {
      throw new ProblemException(Kind.GONE, "This link is no longer in use.");
    }
    if (request.getMethod().equals("GET") && !isPrefetch(request)) {
      LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
      clicks.add(new Click(target.linkId(), day, Referrers.host(request.getHeader("Referer"))));
    }
    return ResponseEntity.status(HttpStatus.FOUND)
        .cacheControl(CacheControl.noStore()) // every visit must come here to be counted
        .header(HttpHeaders.LOCATION, target.location())
        .build();
  }

  /** The browser looks ahead; whether the visitor follows is not known yet. */
  private static boolean isPrefetch(HttpServletRequest request) {
    String purpose = request.getHeader("Sec-Purpose");
    return purpose != null && purpose.startsWith("prefetch");
  }
}
