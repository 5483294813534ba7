package com.example.app.web;

import com.example.app.web.Problem.FieldError;
import com.example.app.web.Problem.Kind;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Turns every exception into a problem. */
@RestControllerAdvice
class ProblemAdvice {

  @ExceptionHandler
  ResponseEntity<Problem> problem(ProblemException e) {
    return e.problem().toResponse();
  }

  @ExceptionHandler({NoHandlerFoundException.class, NoResourceFoundException.class})
  ResponseEntity<Problem> noRoute() {
    return Problem.notFound().toResponse();
  }

  @ExceptionHandler
  ResponseEntity<Problem> wrongMethod(HttpRequestMethodNotSupportedException e) {
    Set<HttpMethod> allowed = new LinkedHashSet<>();
    if (e.getSupportedHttpMethods() != null) {
      allowed.addAll(e.getSupportedHttpMethods());
    }
    if (allowed.contains(HttpMethod.GET)) {
      allowed.add(HttpMethod.HEAD); // Spring answers it without listing it
    }
    HttpHeaders headers = new HttpHeaders();
    headers.setAllow(allowed);
    return Problem.of(Kind.METHOD_NOT_ALLOWED, "This method is not allowed here.")
        .toResponse(headers);
  }

  @ExceptionHandler(HttpMediaTypeNotSupportedException.class)
  ResponseEntity<Problem> wrongContentType() {
    return Problem.of(Kind.UNSUPPORTED_MEDIA_TYPE, "The body must be JSON in UTF-8.").toResponse();
  }

  @ExceptionHandler(HttpMessageNotReadableException.class)
  ResponseEntity<Problem> noBody() {
    return Problem.of(Kind.MALFORMED_BODY, "A JSON body is needed.").toResponse();
  }

  @ExceptionHandler
  ResponseEntity<Problem> invalidBody(MethodArgumentNotValidException e) {
    List<FieldError> errors =
        e.getFieldErrors().stream()
            .map(each -> new FieldError(each.getField(), String.valueOf(each.getDefaultMessage())))
            .toList();
    return Problem.invalid(errors).toResponse();
  }

  @ExceptionHandler(Exception.class)
  ResponseEntity<Problem> unexpected(Exception e, HttpServletRequest request) {
    RequestFilter.rememberFailure(request, e);
    return Problem.internal().toResponse();
  }
}
