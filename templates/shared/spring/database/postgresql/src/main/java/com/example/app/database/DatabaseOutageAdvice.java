package com.example.app.database;

import com.example.app.web.Problem;
import com.example.app.web.RequestFilter;
import jakarta.servlet.http.HttpServletRequest;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Tells a database that is away (503, try again) from a fault of ours (500). */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class DatabaseOutageAdvice {

  @ExceptionHandler({DataAccessException.class, TransactionException.class})
  ResponseEntity<Problem> failed(RuntimeException e, HttpServletRequest request) {
    RequestFilter.rememberFailure(request, e);
    return isOutage(e)
        ? Problem.of(Problem.Kind.UNAVAILABLE, "The database is not available.").toResponse()
        : Problem.internal().toResponse();
  }

  /**
   * By SQLSTATE, as Spring's exception classes depend on where in Hibernate a connection broke: 08
   * connection, 53 out of resources, 57 the server shuts down or a statement took too long, 58
   * system error.
   */
  static boolean isOutage(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql
          && (sql.getSQLState() == null // not the server's but the pool's: no connection, or closed
              || sql.getSQLState().matches("(08|53|57|58).*"))) {
        return true;
      }
    }
    return false;
  }
}
