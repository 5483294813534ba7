package com.example.app.web;

/** Ends the request with a {@link Problem}. */
public class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    // Without a stack trace: it is an answer, not a fault, and clients can cause as many as they
    // like.
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  public ProblemException(Problem.Kind kind, String detail) {
    this(Problem.of(kind, detail));
  }

  public Problem problem() {
    return problem;
  }
}
