package com.example.app.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * The body of every error answer (RFC 9457).
 *
 * <p>A record of our own and not Spring's {@code ProblemDetail}: its members are part of the API's
 * description, and Spring would add the path as the {@code instance}, for which it has to be a
 * valid URI. {@code /a|b} is none, and its 404 would become a 500.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(requiredProperties = {"type", "title", "status", "detail"})
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    @Nullable List<FieldError> errors,
    @Nullable Map<String, String> dependencies) {

  /**
   * One thing that is wrong with a request.
   *
   * @param field the member's or parameter's name, dotted where nested; empty for the body as a
   *     whole
   */
  public record FieldError(String field, String message) {}

  /** The kinds of problem that a client can tell apart. */
  public enum Kind {
    MALFORMED_REQUEST(400, "Bad Request"),
    MALFORMED_BODY(400, "Bad Request"),
    NOT_FOUND(404, "Not Found"),
    METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
    CONFLICT(409, "Conflict"),
    GONE(410, "Gone"),
    PRECONDITION_FAILED(412, "Precondition Failed"),
    PAYLOAD_TOO_LARGE(413, "Payload Too Large"),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported Media Type"),
    VALIDATION(422, "Validation Failed"),
    RATE_LIMITED(429, "Too Many Requests"),
    INTERNAL(500, "Internal Server Error"),
    UNAVAILABLE(503, "Service Unavailable");

    private final int status;
    private final String title;
    private final String type;

    Kind(int status, String title) {
      this.status = status;
      this.title = title;
      this.type = "/problems/" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public static Problem of(Kind kind, String detail) {
    return new Problem(kind.type, kind.title, kind.status, detail, null, null);
  }

  public static Problem invalid(List<FieldError> errors) {
    Kind kind = Kind.VALIDATION;
    return new Problem(
        kind.type,
        kind.title,
        kind.status,
        "The request is well-formed but not valid.",
        errors,
        null);
  }

  public static Problem invalid(String field, String message) {
    return invalid(List.of(new FieldError(field, message)));
  }

  public static Problem notFound() {
    return of(Kind.NOT_FOUND, "There is nothing here.");
  }

  /** For what nobody thought of: the log has it, the client learns nothing of our inside. */
  public static Problem internal() {
    return of(Kind.INTERNAL, "Something went wrong on our side.");
  }

  public Problem withDependencies(Map<String, String> states) {
    return new Problem(type, title, status, detail, errors, states);
  }

  public ResponseEntity<Problem> toResponse() {
    return toResponse(HttpHeaders.EMPTY);
  }

  public ResponseEntity<Problem> toResponse(HttpHeaders headers) {
    return ResponseEntity.status(status)
        .headers(headers)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(this);
  }
}
