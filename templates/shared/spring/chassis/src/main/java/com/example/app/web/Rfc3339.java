package com.example.app.web;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times as RFC 3339 writes them, which is less than ISO 8601: always with seconds and an offset.
 */
final class Rfc3339 {

  private static final Pattern FORM =
      Pattern.compile(
          "([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\\.([0-9]{1,3})[0-9]*)?"
              + "(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))");

  private Rfc3339() {}

  /**
   * The instant, truncated to milliseconds, or nothing if the text is not a time of the years 0000
   * to 9999 in UTC.
   */
  static Optional<Instant> parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      String fraction = parts.group(3) == null ? "" : "." + parts.group(3);
      LocalDateTime local = LocalDateTime.parse(parts.group(1) + "T" + parts.group(2) + fraction);
      if (parts.group(4) != null) {
        // By hand, as ZoneOffset ends at 18 hours and RFC 3339 does not.
        long minutes = Long.parseLong(parts.group(5)) * 60 + Long.parseLong(parts.group(6));
        local = local.minusMinutes(parts.group(4).equals("-") ? -minutes : minutes);
      }
      if (local.getYear() < 0 || local.getYear() > 9999) {
        return Optional.empty();
      }
      return Optional.of(local.toInstant(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
