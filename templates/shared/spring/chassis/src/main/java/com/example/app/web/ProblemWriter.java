package com.example.app.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/** Sends a problem from a filter, where Spring MVC is not at hand. */
final class ProblemWriter {

  private ProblemWriter() {}

  static void write(JsonMapper json, HttpServletResponse response, Problem problem)
      throws IOException {
    byte[] body = json.writeValueAsBytes(problem);
    response.setStatus(problem.status());
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
