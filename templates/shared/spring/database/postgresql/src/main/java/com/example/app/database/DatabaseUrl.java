package com.example.app.database;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/**
 * Where the database is, from {@code postgresql://user:password@host:port/name?parameters}, the
 * form that hosters and other tools use.
 */
public record DatabaseUrl(String jdbcUrl, String user, String password) {

  private static final String FORM = "must be like postgresql://user:password@host:5432/name";

  /** Parameters of libpq that the driver knows under another name. */
  private static final Map<String, String> DRIVER_NAMES =
      Map.of(
          "application_name", PGProperty.APPLICATION_NAME.getName(),
          "channel_binding", PGProperty.CHANNEL_BINDING.getName(),
          "connect_timeout", PGProperty.CONNECT_TIMEOUT.getName(),
          "gssencmode", PGProperty.GSS_ENC_MODE.getName());

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
    String[] login = uri.getRawUserInfo().split(":", 2);
    return new DatabaseUrl(
        "jdbc:postgresql://"
            + uri.getHost()
            + ":"
            + port
            + uri.getRawPath()
            + parameters(uri.getRawQuery()),
        decode(login[0]),
        login.length < 2 ? "" : decode(login[1]));
  }

  private static String parameters(@Nullable String query) {
    StringBuilder result = new StringBuilder();
    for (String parameter : query == null ? new String[0] : query.split("&")) {
      String[] pair = parameter.split("=", 2);
      String name = DRIVER_NAMES.getOrDefault(pair[0], pair[0]);
      // The driver would ignore it without a word.
      if (pair.length < 2 || PGProperty.forName(name) == null) {
        throw new IllegalArgumentException("has an unknown parameter: " + pair[0]);
      }
      result.append(result.isEmpty() ? '?' : '&').append(name).append('=').append(pair[1]);
    }
    return result.toString();
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
