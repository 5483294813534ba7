package com.example.app.web;

import com.example.app.web.Problem.FieldError;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The query string, read strictly: a known parameter that is repeated or cannot be decoded is
 * refused, where Spring would join or mend it. Unknown ones are ignored.
 */
public final class QueryParameters {

  private final Map<String, List<Optional<String>>> values = new HashMap<>();

  QueryParameters(@Nullable String query) {
    for (String pair : query == null ? new String[0] : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      decode(name)
          .ifPresent(key ->
              values
                  .computeIfAbsent(key, ignored -> new ArrayList<>())
                  .add(decode(equals < 0 ? "" : pair.substring(equals + 1))));
    }
  }

  /**
   * One parameter as text.
   *
   * @throws ProblemException 422 if it is repeated, longer than {@code maxLength} code points, or
   *     not text
   */
  public Optional<String> text(String name, int maxLength) {
    List<Optional<String>> given = values.getOrDefault(name, List.of());
    if (given.isEmpty()) {
      return Optional.empty();
    }
    String value = given.size() > 1 ? null : given.get(0).orElse(null);
    if (value == null || value.indexOf('\0') >= 0) {
      throw invalid(name, "must be given once, as text in UTF-8");
    }
    if (value.codePointCount(0, value.length()) > maxLength) {
      throw invalid(name, "may have at most " + maxLength + " characters");
    }
    return Optional.of(value);
  }

  /**
   * One parameter as a whole number.
   *
   * @throws ProblemException 422 if it is anything but one to three digits within the bounds
   */
  public int integer(String name, int fallback, int least, int most) {
    Optional<String> text = text(name, 100);
    if (text.isEmpty()) {
      return fallback;
    }
    if (text.get().matches("[0-9]{1,3}")) {
      int value = Integer.parseInt(text.get());
      if (value >= least && value <= most) {
        return value;
      }
    }
    throw invalid(name, "must be a whole number from " + least + " to " + most);
  }

  public static ProblemException invalid(String name, String message) {
    return new ProblemException(Problem.invalid(List.of(new FieldError(name, message))));
  }

  private static Optional<String> decode(String text) {
    try {
      String value = URLDecoder.decode(text, StandardCharsets.UTF_8);
      return value.indexOf('\uFFFD') >= 0 ? Optional.empty() : Optional.of(value);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
