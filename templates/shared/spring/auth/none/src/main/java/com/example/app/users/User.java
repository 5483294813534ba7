package com.example.app.users;

/** Who a request is for. */
public record User(String id) {

  /** The only one there is without sign-in; it owns everything. */
  public static final User LOCAL = new User("local");
}
