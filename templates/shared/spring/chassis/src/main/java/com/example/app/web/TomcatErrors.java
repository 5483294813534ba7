package com.example.app.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Tomcat refuses before any filter sees it, such as a path that cannot be decoded ({@code
 * /%ff}), in place of its HTML page. No route has such a path, so it is a 404 like every other
 * unknown one.
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
    Problem problem =
        response.getStatus() < HttpServletResponse.SC_INTERNAL_SERVER_ERROR
            ? Problem.notFound()
            : Problem.internal();
    try {
      response.setHeader(
          "Connection",
          "close"); // which Tomcat does after such a request, but tells only with a 400
      filter.around(request, response, () -> ProblemWriter.write(json, response, problem));
    } catch (IOException e) {
      LoggerFactory.getLogger(TomcatErrors.class).debug("the client is gone", e);
    }
  }
}
