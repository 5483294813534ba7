package com.example.app.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.example.app.web.Problem.Kind;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.tomcat.util.http.RequestUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.web.util.UriUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Tomcat refuses before any filter sees it, in place of its HTML page. No route has a path
 * that cannot be decoded, such as {@code /%ff}, so that is a 404 like every other unknown one; for
 * the rest, headers that are too long for example, a path that does exist must not seem to be
 * missing.
 */
class TomcatErrors extends ErrorReportValve {

  private final RequestFilter filter;
  private final JsonMapper json;

  TomcatErrors(RequestFilter filter, JsonMapper json) {
    this.filter = filter;
    this.json = json;
  }

  @Override
  protected void report(Request request, Response response, Throwable failure) {
    boolean unanswered = response.getContentWritten() == 0 && !response.isCommitted();
    if (response.getStatus() < HttpServletResponse.SC_BAD_REQUEST || !unanswered) {
      return;
    }
    Problem problem;
    if (response.getStatus() >= HttpServletResponse.SC_INTERNAL_SERVER_ERROR) {
      problem = Problem.internal();
    } else if (isPath(request.getRequestURI())) {
      problem = Problem.of(Kind.MALFORMED_REQUEST, "The request or its headers cannot be read.");
    } else {
      problem = Problem.notFound();
    }
    try {
      response.setHeader(
          "Connection",
          "close"); // which Tomcat does after such a request, but tells only with a 400
      filter.around(request, response, () -> ProblemWriter.write(json, response, problem));
    } catch (IOException e) {
      LoggerFactory.getLogger(TomcatErrors.class).debug("the client is gone", e);
    }
  }

  /** Whether it can be decoded and leads nowhere above the root. */
  private static boolean isPath(@Nullable String text) {
    try {
      String path = RequestUtil.normalize(UriUtils.decode(String.valueOf(text), UTF_8));
      return path != null && path.chars().noneMatch(c -> c == '\0' || c == '\uFFFD');
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
