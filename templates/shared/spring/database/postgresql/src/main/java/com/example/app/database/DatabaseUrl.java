package com.example.app.database;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Where the database is, from {@code postgresql://user:password@host:port/name}, the form that
 * other tools use, too.
 */
public record DatabaseUrl(String jdbcUrl, String user, String password) {

  private static final String FORM = "must be like postgresql://user:password@host:5432/name";

  public static DatabaseUrl parse(String text) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(FORM, e);
    }
    boolean complete =
        "postgresql".equals(uri.getScheme())
            && uri.getHost() != null
            && uri.getRawUserInfo() != null
            && uri.getRawPath().matches("/[^/]+")
            && uri.getPort() <= 65_535;
    if (!complete) {
      throw new IllegalArgumentException(FORM);
    }
    int port = uri.getPort() < 0 ? 5432 : uri.getPort();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String[] login = uri.getRawUserInfo().split(":", 2);
    return new DatabaseUrl(
        "jdbc:postgresql://" + uri.getHost() + ":" + port + uri.getRawPath() + query,
        decode(login[0]),
        login.length < 2 ? "" : decode(login[1]));
  }

  /** Not the record's default, which would print the password. */
  @Override
  public String toString() {
    return jdbcUrl;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
