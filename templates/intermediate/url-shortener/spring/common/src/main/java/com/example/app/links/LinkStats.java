package com.example.app.links;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How often a link was followed.
 *
 * @param total of all time
 * @param perDay every day of the period, the empty ones too, ending today
 * @param referrers of the period
 */
record LinkStats(long total, List<Day> perDay, List<Referrer> referrers) {

  record Day(LocalDate date, long clicks) {}

  /**
   * The clicks that one site brought.
   *
   * @param host null for visits without a referrer
   */
  record Referrer(@Nullable String host, long clicks) {}
}
