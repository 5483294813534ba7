package com.example.app.links;

import io.swagger.v3.oas.annotations.media.Schema;
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
@Schema(requiredProperties = {"total", "perDay", "referrers"})
record LinkStats(long total, List<Day> perDay, List<Referrer> referrers) {

  @Schema(requiredProperties = {"date", "clicks"})
  record Day(LocalDate date, long clicks) {}

  /**
   * The clicks that one site brought.
   *
   * @param host null for visits without a referrer
   */
  @Schema(requiredProperties = {"host", "clicks"})
  record Referrer(@Schema(types = {"string", "null"}) @Nullable String host, long clicks) {}
}
