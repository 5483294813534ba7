package com.example.app.settings;

import java.util.List;

/**
 * The environment cannot be used; there is one message for each bad variable, beginning with its
 * name.
 */
public class InvalidSettingsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  InvalidSettingsException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
