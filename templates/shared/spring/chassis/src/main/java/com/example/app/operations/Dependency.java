package com.example.app.operations;

/** Something outside the process, without which it cannot serve. */
public interface Dependency {

  String name();

  /** Asks it now; answers within a second. */
  boolean isUp();
}
